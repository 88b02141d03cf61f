import type { Tensor } from "@tensorflow/tfjs-core";
import { type Block, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { CappedHead, LanguageModel, ScaledHead, TiedHead } from "@tfblocks/transformer";

/**
 * W_E `[vocabSize, dModel]`, borrowed: the vector of each token, without positions, scale and norm.
 *
 * @throws ValueError when it has no weight
 */
export function embeddingOf(operation: string, model: LanguageModel): Tensor {
  return checkedTable(operation, "token embedding", model.input.tokenEmbedding.parameters()["weight"]);
}

/**
 * W_Uᵀ `[vocabSize, dModel]`, borrowed: the direction of each token's logit. The scale or the cap of a head is left out.
 *
 * @throws ValueError when the model has no head with a weight, or computes something between the last layer's norm and the head
 */
export function unembeddingOf(operation: string, model: LanguageModel): Tensor {
  if (model.headTransform !== undefined || model.headNorm !== undefined) {
    refuse(ValueError, operation, "model", "a model whose head reads the stream", "one with a headTransform or headNorm");
  }
  return checkedTable(operation, "head", weightOf(model.head));
}

function weightOf(head: Block | undefined): Tensor | undefined {
  if (head instanceof ScaledHead || head instanceof CappedHead) return weightOf(head.head);
  return head instanceof TiedHead ? head.embedding.parameters()["weight"] : head?.parameters()["weight"];
}

function checkedTable(operation: string, part: string, weight: Tensor | undefined): Tensor {
  if (weight?.rank === 2) return weight;
  return refuse(ValueError, operation, "model", `a model whose ${part} has a weight [vocabSize, dModel]`, "one without");
}

/** @throws ValueError when the value is not a `LanguageModel` */
export function checkLanguageModel(operation: string, model: unknown): void {
  if (!(model instanceof LanguageModel)) refuse(ValueError, operation, "model", "a LanguageModel", describeValue(model));
}
