/** A stream that a command writes to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The environment of a command; tests pass their own. */
export interface CommandContext {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted when the user presses Ctrl-C. */
  readonly signal: AbortSignal;
}
