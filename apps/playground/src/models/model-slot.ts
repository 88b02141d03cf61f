import { fetchCode } from "../compute/fetch-code.js";
import type { OpenModel } from "./open-model.js";

/** Keeps at most one model open. The code that opens models is fetched with the first one. */
export class ModelSlot {
  #entry: Entry | undefined;

  /** Opens a model by its name and frees the one before. @throws Error when a file is missing or cannot be read */
  open(name: string, modelsUrl: string): Promise<OpenModel> {
    if (this.#entry?.name === name) return this.#entry.model;
    this.clear();
    const entry = new Entry(name, modelsUrl);
    entry.model.catch(() => {
      if (this.#entry === entry) this.#entry = undefined;
    });
    this.#entry = entry;
    return entry.model;
  }

  /** Frees the model. */
  clear(): void {
    this.#entry?.close();
    this.#entry = undefined;
  }
}

/** A model that is open or still loading. */
class Entry {
  readonly name: string;
  readonly model: Promise<OpenModel>;
  #open: OpenModel | undefined;
  #closed = false;

  constructor(name: string, modelsUrl: string) {
    this.name = name;
    this.model = this.#fetch(modelsUrl);
  }

  /** Frees the model now, or as soon as it has loaded. */
  close(): void {
    this.#closed = true;
    this.#open?.close();
  }

  async #fetch(modelsUrl: string): Promise<OpenModel> {
    const { fetchModel } = await fetchCode(() => import("./open-model.js"));
    const model = await fetchModel(this.name, modelsUrl);
    if (this.#closed) model.close();
    this.#open = model;
    return model;
  }
}
