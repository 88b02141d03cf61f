/** Where a command writes to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** What surrounds a run; a test gives its own. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborts when the user wants it to end. */
  readonly signal: AbortSignal;
}
