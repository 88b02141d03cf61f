const name = "tfblocks-active-run";

// A tab keeps these notes over a reload, and no other tab reads them. They throw if the browser forbids storage: then a reload pauses the run.

/** Notes that this tab trains a run, so that a reload resumes it. */
export function rememberActiveRun(key: string): void {
  attempt(() => sessionStorage.setItem(name, key));
}

export function forgetActiveRun(): void {
  attempt(() => sessionStorage.removeItem(name));
}

/** The run that this tab trained before a reload. */
export function recallActiveRun(): string | undefined {
  return attempt(() => sessionStorage.getItem(name)) ?? undefined;
}

function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
