import { biasedLinearRules, layerNormRules, optional, tensorRule, type Layout } from "@tfblocks/weights/layouts";

const layer = "encoder.layer.{i}";

/**
 * Hugging Face's `BertForMaskedLM`, `BertForPreTraining` and, without the prefix, `BertModel`. The next-sentence head is
 * ignored; pooler and masked-token head may be absent.
 */
export const layout: Omit<Layout, "name"> = {
  prefix: "bert.",
  body: [
    tensorRule("embeddings.word_embeddings.weight", "tokenEmbedding.weight", "vocabSize dModel"),
    tensorRule("embeddings.position_embeddings.weight", "positionEmbedding.weight", "maxLength dModel"),
    tensorRule("embeddings.token_type_embeddings.weight", "segmentEmbedding.weight", "numSegments dModel"),
    ...layerNormRules("embeddings.LayerNorm", "embeddingNorm"),
    ...biasedLinearRules(`${layer}.attention.self.query`, "layers.{i}.attention.query", "dModel dModel"),
    ...biasedLinearRules(`${layer}.attention.self.key`, "layers.{i}.attention.key", "dModel dModel"),
    ...biasedLinearRules(`${layer}.attention.self.value`, "layers.{i}.attention.value", "dModel dModel"),
    ...biasedLinearRules(`${layer}.attention.output.dense`, "layers.{i}.attention.output", "dModel dModel"),
    ...layerNormRules(`${layer}.attention.output.LayerNorm`, "layers.{i}.attentionNorm"),
    ...biasedLinearRules(`${layer}.intermediate.dense`, "layers.{i}.feedForward.up", "hiddenDim dModel"),
    ...biasedLinearRules(`${layer}.output.dense`, "layers.{i}.feedForward.down", "dModel hiddenDim"),
    ...layerNormRules(`${layer}.output.LayerNorm`, "layers.{i}.feedForwardNorm"),
    ...biasedLinearRules("pooler.dense", "pooler", "dModel dModel").map(optional),
  ],
  head: [
    ...biasedLinearRules("cls.predictions.transform.dense", "headTransform", "dModel dModel").map(optional),
    ...layerNormRules("cls.predictions.transform.LayerNorm", "headNorm").map(optional),
    optional(tensorRule("cls.predictions.bias", "head.bias", "vocabSize")),
    optional(tensorRule("cls.predictions.decoder.weight", "head.weight", "vocabSize dModel")),
  ],
  tied: { head: "cls.predictions.decoder.weight", embedding: "embeddings.word_embeddings.weight" },
  ignored: ["embeddings.position_ids", "cls.predictions.decoder.bias", "cls.seq_relationship.weight", "cls.seq_relationship.bias"],
  renamed: { ".gamma": ".weight", ".beta": ".bias" },
};
