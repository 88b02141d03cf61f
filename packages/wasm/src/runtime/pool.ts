import { type RunningWorker, startWorker, type WorkerStart } from "./start-worker.js";

/** Workers that serve one control block; they start idle. One that ends while idle is simply one less. */
export class Pool {
  readonly #asked: number;
  readonly #workers = new Set<RunningWorker>();
  #reason: string | undefined;
  #lost = false;

  private constructor(asked: number) {
    this.#asked = asked;
  }

  /** A pool without workers. */
  static readonly none: Pool = new Pool(0);

  /** Starts workers and waits until each answered or was given up after `timeout` milliseconds. Never throws. */
  static async start(start: Omit<WorkerStart, "thread">, size: number, timeout: number): Promise<Pool> {
    const pool = new Pool(size);
    const attempts = Array.from({ length: size }, (_, index) => pool.#add({ ...start, thread: index + 1 }, timeout));
    await Promise.all(attempts);
    return pool;
  }

  /** Workers that answered and live; the calling thread is not counted. */
  get size(): number {
    return this.#workers.size;
  }

  /** Numbers that a task may see as its thread: 0 is the calling one, and a worker that ended leaves its own unused. */
  get slots(): number {
    return this.#asked + 1;
  }

  /** Why there are fewer workers than were asked for, if so. */
  get refusal(): string | undefined {
    if (this.size === this.#asked) return undefined;
    return `${this.size + 1} of ${this.slots} threads: ${this.#reason}`;
  }

  /** Whether a worker ended that once was there. */
  get lostWorkers(): boolean {
    return this.#lost;
  }

  /** Goes on without workers, one of which does not answer. */
  abandon(reason: string): void {
    this.#lose(reason);
    this.terminate();
  }

  /** Ends the workers at once, whatever they do. */
  terminate(): void {
    const workers = [...this.#workers];
    this.#workers.clear();
    for (const worker of workers) worker.terminate();
  }

  async #add(start: WorkerStart, timeout: number): Promise<void> {
    try {
      this.#workers.add(await startWorker(start, timeout, (worker) => this.#remove(worker)));
    } catch (error) {
      this.#reason = (error as Error).message;
    }
  }

  #remove(worker: RunningWorker): void {
    if (this.#workers.delete(worker)) this.#lose("a worker ended");
  }

  #lose(reason: string): void {
    this.#lost = true;
    this.#reason = `${reason}; dispose all tensors and call setupWasm again for a new one`;
  }
}
