import type { ModelId } from "./model-id.js";

/** Where a model comes from: a trained one of the page, the same before training, files of the reader, or a training in the page. */
export type ModelGroup = "trained" | "untrained" | "own" | "run";

/** A model that can be opened. */
export interface ModelChoice {
  readonly id: ModelId;
  readonly title: string;
  readonly group: ModelGroup;
  /** The size of the files of the reader. */
  readonly bytes?: number;
  /** Whether the browser keeps the files of the reader. */
  readonly isKept?: boolean;
}
