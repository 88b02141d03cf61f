/** Makes callers wait while it is closed. */
export class Gate {
  #waiting: Promise<void> | undefined;
  #open: (() => void) | undefined;

  get isClosed(): boolean {
    return this.#waiting !== undefined;
  }

  close(): void {
    this.#waiting ??= new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open?.();
    this.#waiting = undefined;
  }

  /** Resolves at once if the gate is open, otherwise when it opens. */
  async pass(): Promise<void> {
    await this.#waiting;
  }
}
