import type { PatchedCell } from "@tfblocks/analysis/models";
import type { PatchSettings } from "./patch-settings.js";

/** How much of another text's prediction each value brings back; plain data. */
export interface PatchReading {
  readonly by: PatchSettings["by"];
  /** The tokens of the reader's text, and of the output of an encoder-decoder. */
  readonly tokens: readonly string[];
  readonly answerTokens: readonly string[];
  /** Where the prediction is watched. */
  readonly at: number;
  /** The tokens whose logits are compared. */
  readonly right: string;
  readonly wrong: string;
  /** logit(right) − logit(wrong), of the other text and of the reader's. */
  readonly clean: number;
  readonly corrupt: number;
  readonly cells: readonly PatchedCell[];
}
