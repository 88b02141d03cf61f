/** A door that whoever passes waits at while it is shut. */
export class Gate {
  #opened: Promise<void> | undefined;
  #open: (() => void) | undefined;

  get isShut(): boolean {
    return this.#opened !== undefined;
  }

  shut(): void {
    this.#opened ??= new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open?.();
    this.#opened = undefined;
  }

  /** Settles at once where the door is open, else when it opens. */
  async pass(): Promise<void> {
    await this.#opened;
  }
}
