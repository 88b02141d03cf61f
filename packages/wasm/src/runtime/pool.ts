import { type RunningWorker, startWorker, type WorkerStart } from "./start-worker.js";

/** Workers that serve one control block. They start idle; when an idle worker ends, the pool uses the others. */
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

  /** Starts workers and waits until each has answered or failed to answer within `timeout` milliseconds. Never throws. */
  static async start(start: Omit<WorkerStart, "thread">, size: number, timeout: number): Promise<Pool> {
    const pool = new Pool(size);
    const attempts = Array.from({ length: size }, (_, index) => pool.#add({ ...start, thread: index + 1 }, timeout));
    await Promise.all(attempts);
    return pool;
  }

  /** The number of running workers, not counting the calling thread. */
  get size(): number {
    return this.#workers.size;
  }

  /** Thread numbers that a task may see are below this: 0 is the calling thread, and the number of an ended worker stays unused. */
  get slots(): number {
    return this.#asked + 1;
  }

  /** Why there are fewer workers than requested; undefined when there are not. */
  get refusal(): string | undefined {
    if (this.size === this.#asked) return undefined;
    return `${this.size + 1} of ${this.slots} threads: ${this.#reason}`;
  }

  /** Whether a worker ended after it had started. */
  get lostWorkers(): boolean {
    return this.#lost;
  }

  /** Terminates all workers, because one of them does not answer. */
  abandon(reason: string): void {
    this.#lose(reason);
    this.terminate();
  }

  /** Terminates the workers immediately. */
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
