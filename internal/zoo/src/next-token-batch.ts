import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import { crossEntropy } from "@tfblocks/training";
import type { Batch } from "./recipe.js";

/** The label of a position without a prediction. */
const ignored = -100;

/** int32 `[rows, length]` with the length of the longest row; shorter rows are padded on the right. */
export function idsOf(rows: readonly (readonly number[])[], padding = 0): Tensor {
  const length = Math.max(...rows.map((row) => row.length));
  const padded = rows.map((row) => [...row, ...Array<number>(length - row.length).fill(padding)]);
  return tensor2d(padded.flat(), [rows.length, length], "int32");
}

/** Ids and labels for a decoder that predicts each token from earlier ones. The causal mask hides padding on the right. */
export function nextTokenBatch(rows: readonly (readonly number[])[]): Batch {
  return {
    ids: idsOf(rows.map((row) => row.slice(0, -1))),
    labels: idsOf(
      rows.map((row) => row.slice(1)),
      ignored,
    ),
  };
}

/** The mean cross-entropy of the next tokens. */
export function nextTokenLoss(model: LanguageModel, { ids, labels }: Batch): Tensor {
  return scope(() => crossEntropy(model.apply(ids).logits, labels));
}
