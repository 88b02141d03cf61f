import { biasedLinearRules, layerNormRules, type Layout, tensorRule } from "@tfblocks/weights/layouts";
import { maskedTokenHeadRules, taskHeads } from "../shared/bert-like-layout.js";

const layer = "transformer.layer.{i}";

/** Hugging Face's `DistilBertForMaskedLM` and, without the prefix, `DistilBertModel`. Heads of tasks are ignored. */
export const layout: Omit<Layout, "name"> = {
  prefix: "distilbert.",
  body: [
    tensorRule("embeddings.word_embeddings.weight", "tokenEmbedding.weight", "vocabSize dModel"),
    tensorRule("embeddings.position_embeddings.weight", "positionEmbedding.weight", "maxLength dModel"),
    ...layerNormRules("embeddings.LayerNorm", "embeddingNorm"),
    ...biasedLinearRules(`${layer}.attention.q_lin`, "layers.{i}.attention.query", "dModel dModel"),
    ...biasedLinearRules(`${layer}.attention.k_lin`, "layers.{i}.attention.key", "dModel dModel"),
    ...biasedLinearRules(`${layer}.attention.v_lin`, "layers.{i}.attention.value", "dModel dModel"),
    ...biasedLinearRules(`${layer}.attention.out_lin`, "layers.{i}.attention.output", "dModel dModel"),
    ...layerNormRules(`${layer}.sa_layer_norm`, "layers.{i}.attentionNorm"),
    ...biasedLinearRules(`${layer}.ffn.lin1`, "layers.{i}.feedForward.up", "hiddenDim dModel"),
    ...biasedLinearRules(`${layer}.ffn.lin2`, "layers.{i}.feedForward.down", "dModel hiddenDim"),
    ...layerNormRules(`${layer}.output_layer_norm`, "layers.{i}.feedForwardNorm"),
  ],
  head: maskedTokenHeadRules({
    transform: "vocab_transform",
    norm: "vocab_layer_norm",
    weight: "vocab_projector.weight",
    bias: "vocab_projector.bias",
  }),
  tied: { head: "vocab_projector.weight", embedding: "embeddings.word_embeddings.weight" },
  ignored: ["embeddings.position_ids", ...taskHeads],
};
