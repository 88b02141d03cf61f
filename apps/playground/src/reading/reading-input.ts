import type { ModelId } from "../models/model-id.js";
import type { HeadPlace } from "../models/model-info.js";
import type { EditSpec } from "./edit-spec.js";

/** What is read: a model with its edits, on a text. Every call of the worker has all of it, so that a new worker can answer. */
export interface ReadingInput {
  readonly model: ModelId;
  readonly text: string;
  /** The output so far of an encoder-decoder; not used by other models. */
  readonly answer: string;
  /** In the order of `withEdits`. */
  readonly edits: readonly EditSpec[];
}

/** A head on a text. */
export interface HeadRequest {
  readonly input: ReadingInput;
  readonly place: HeadPlace;
}

/** A cell of a head on a text. */
export interface CellRequest extends HeadRequest {
  readonly query: number;
  readonly key: number;
}
