import { failureFrom, type Outcome } from "../../compute/outcome.js";
import { askAgain } from "../../compute/worker-lost.js";
import type { ModelId } from "../../models/model-id.js";
import type { GeneratedText, GenerationSettings } from "../../training/generate-text.js";
import type { RoomCompute } from "../room.js";
import { zip } from "./zip.js";

/** What the page asks of the model of a recorded step. */
export class TrainedModelCalls {
  readonly #compute: RoomCompute;
  readonly #key: string;
  readonly #step: number;

  constructor(compute: RoomCompute, key: string, step: number) {
    this.#compute = compute;
    this.#key = key;
    this.#step = step;
  }

  /** Its name in links. */
  get modelId(): ModelId {
    return `run-${this.#key}-${this.#step}`;
  }

  async generate(settings: GenerationSettings): Promise<Outcome<GeneratedText>> {
    return this.#ask("prompt", async (calls) => calls.generate(this.#key, this.#step, settings));
  }

  /** Its Hugging Face folder as a zip. @param folder the name of the folder */
  async zip(folder: string): Promise<Outcome<{ readonly name: string; readonly content: Blob }>> {
    const outcome = await this.#ask("files", async (calls) => calls.files(this.#key, this.#step));
    if (!outcome.ok) return outcome;
    const files = Object.fromEntries(Object.entries(outcome.result).map(([name, content]) => [`${folder}/${name}`, content]));
    return { ok: true, result: { name: `${folder}.zip`, content: zip(files) } };
  }

  async #ask<Result>(
    field: string,
    question: (calls: Awaited<RoomCompute["calls"]>["train"]) => Promise<Outcome<Result>>,
  ): Promise<Outcome<Result>> {
    try {
      return await askAgain(async () => question((await this.#compute.calls).train));
    } catch (error) {
      return { ok: false, failure: failureFrom(error, field) };
    }
  }
}
