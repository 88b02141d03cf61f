import type { TaskPort } from "../compute/task.js";
import type { ModelId } from "./model-id.js";
import type { OpenModel } from "./opened-model.js";

/** The opening of a model was cancelled, or another model was opened. */
export class Cancelled extends Error {
  constructor() {
    super("The opening of the model was cancelled");
  }
}

/** How a loader tells how far it is, and learns that it should stop. */
interface Loading {
  readonly report: (what: string, done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** A model that is open or still loading. */
export class Opening {
  readonly id: ModelId;
  /** Rejects with {@link Cancelled} after `close`. */
  readonly model: Promise<OpenModel>;
  readonly #stop = new AbortController();
  readonly #ports = new Set<TaskPort>();
  #isReporting = false;
  #last: readonly [what: string, done: number, total: number] = ["Opening the model", 0, 0];
  #open: OpenModel | undefined;

  constructor(id: ModelId, load: (loading: Loading) => Promise<OpenModel>) {
    this.id = id;
    this.model = this.#load(load);
  }

  /** Tells a port how far the loading is. */
  follow(port: TaskPort): void {
    this.#ports.add(port);
    this.#report(...this.#last);
  }

  /** Frees the model, or stops loading. */
  close(): void {
    this.#stop.abort(new Cancelled());
    this.#open?.close();
  }

  async #load(load: (loading: Loading) => Promise<OpenModel>): Promise<OpenModel> {
    const { signal } = this.#stop;
    const opened = await load({ report: (...progress) => this.#report(...progress), signal });
    this.#ports.clear();
    if (signal.aborted) opened.close();
    signal.throwIfAborted();
    this.#open = opened;
    return opened;
  }

  /** Reports at the pace at which the page answers. */
  #report(...progress: [what: string, done: number, total: number]): void {
    this.#last = progress;
    if (this.#isReporting || this.#ports.size === 0) return;
    this.#isReporting = true;
    void this.#ask().finally(() => (this.#isReporting = false));
  }

  async #ask(): Promise<void> {
    const ask = async (port: TaskPort): Promise<unknown> => (await port.step(...this.#last)) || this.#ports.delete(port);
    await Promise.all([...this.#ports].map(ask));
    if (this.#ports.size === 0 && this.#open === undefined) this.close();
  }
}
