import { biasedLinear, layerNorm, type Layout, optional, same } from "./layout.js";

const layer = "encoder.layer.{i}";

/**
 * Hugging Face's `BertForMaskedLM`, `BertForPreTraining` and, without the prefix, `BertModel`. The next-sentence head is
 * left out; pooler and masked-language head may be absent.
 */
export const bert: Layout = {
  name: "bert",
  prefix: "bert.",
  body: [
    same("embeddings.word_embeddings.weight", "tokenEmbedding.weight", "vocabSize dModel"),
    same("embeddings.position_embeddings.weight", "positionEmbedding.weight", "maxLength dModel"),
    same("embeddings.token_type_embeddings.weight", "segmentEmbedding.weight", "numSegments dModel"),
    ...layerNorm("embeddings.LayerNorm", "embeddingNorm"),
    ...biasedLinear(`${layer}.attention.self.query`, "layers.{i}.attention.query", "dModel dModel"),
    ...biasedLinear(`${layer}.attention.self.key`, "layers.{i}.attention.key", "dModel dModel"),
    ...biasedLinear(`${layer}.attention.self.value`, "layers.{i}.attention.value", "dModel dModel"),
    ...biasedLinear(`${layer}.attention.output.dense`, "layers.{i}.attention.output", "dModel dModel"),
    ...layerNorm(`${layer}.attention.output.LayerNorm`, "layers.{i}.attentionNorm"),
    ...biasedLinear(`${layer}.intermediate.dense`, "layers.{i}.feedForward.up", "hiddenDim dModel"),
    ...biasedLinear(`${layer}.output.dense`, "layers.{i}.feedForward.down", "dModel hiddenDim"),
    ...layerNorm(`${layer}.output.LayerNorm`, "layers.{i}.feedForwardNorm"),
    ...biasedLinear("pooler.dense", "pooler", "dModel dModel").map(optional),
  ],
  head: [
    ...biasedLinear("cls.predictions.transform.dense", "headTransform", "dModel dModel").map(optional),
    ...layerNorm("cls.predictions.transform.LayerNorm", "headNorm").map(optional),
    optional(same("cls.predictions.bias", "head.bias", "vocabSize")),
    optional(same("cls.predictions.decoder.weight", "head.weight", "vocabSize dModel")),
  ],
  tied: { head: "cls.predictions.decoder.weight", embedding: "embeddings.word_embeddings.weight" },
  ignored: ["embeddings.position_ids", "cls.predictions.decoder.bias", "cls.seq_relationship.weight", "cls.seq_relationship.bias"],
  renamed: { ".gamma": ".weight", ".beta": ".bias" },
};
