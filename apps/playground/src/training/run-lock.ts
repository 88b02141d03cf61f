/** Milliseconds to wait for a lock: a page that was reloaded gives its locks back a moment later. */
const lockPatience = 2000;

/**
 * Runs a training while no other tab trains the same run. The lock ends with the worker, so that a run whose worker was lost can resume.
 * Where a browser has no locks, on a page without a secure connection, nothing guards the run.
 *
 * @returns false if another tab has the run; the body then does not run
 */
export async function withRunLock(key: string, body: () => Promise<void>): Promise<boolean> {
  if (locks === undefined) {
    await body();
    return true;
  }
  const patience = AbortSignal.timeout(lockPatience); // it only ends the waiting
  return locks
    .request(nameOf(key), { signal: patience }, async () => {
      await body();
      return true;
    })
    .catch((error: unknown) => {
      if (patience.aborted && error === patience.reason) return false;
      throw error;
    });
}

/** The runs that are trained now, in any tab. */
export async function lockedRuns(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await locks?.query()) ?? {};
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
}

/** Waits until no tab trains a run any more. */
export async function whenReleased(key: string): Promise<void> {
  await locks?.request(nameOf(key), { mode: "shared" }, () => {});
}

const prefix = "tfblocks-run-";
const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined;

function nameOf(key: string): string {
  return prefix + key;
}
