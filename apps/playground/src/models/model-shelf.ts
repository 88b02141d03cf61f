import { fetchCode } from "../compute/fetch-code.js";
import type { OpenModel } from "./open-model.js";

/** Keeps one model open, the last that was asked for; its code is fetched with the first. */
export class ModelShelf {
  #place: Place | undefined;

  /** The model of a name; the one before is freed. @throws where a file is missing or foreign */
  take(name: string, modelsUrl: string): Promise<OpenModel> {
    if (this.#place?.name === name) return this.#place.model;
    this.clear();
    const place = new Place(name, modelsUrl);
    place.model.catch(() => {
      if (this.#place === place) this.#place = undefined;
    });
    this.#place = place;
    return place.model;
  }

  /** Frees the model. */
  clear(): void {
    this.#place?.close();
    this.#place = undefined;
  }
}

/** A model that is open or being opened. */
class Place {
  readonly name: string;
  readonly model: Promise<OpenModel>;
  #open: OpenModel | undefined;
  #closed = false;

  constructor(name: string, modelsUrl: string) {
    this.name = name;
    this.model = this.#fetch(modelsUrl);
  }

  /** At once where it is open, else as soon as it is. */
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
