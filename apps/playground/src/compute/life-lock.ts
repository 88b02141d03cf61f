/**
 * A lock that a worker holds as long as it lives: the only sign of a worker that was ended from outside, which fires no event, and one
 * that a busy worker gives too. Browsers have locks only on pages from https or localhost.
 */
const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined;

/** Holds a lock for ever. @returns false if there are no locks here, or the browser refuses them, as it may inside a page of another site */
export async function holdLock(name: string): Promise<boolean> {
  if (locks === undefined) return false;
  return new Promise((resolve) => {
    locks
      .request(name, () => {
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}

/** Calls `onFree` once nobody holds a lock any more. */
export function watchLock(name: string, signal: AbortSignal, onFree: () => void): void {
  locks?.request(name, { signal }, onFree).catch(() => undefined); // aborted
}
