import { biasedLinearRules, layerNormRules, optional, type Rule, tensorRule } from "@tfblocks/weights/layouts";

const layer = "encoder.layer.{i}";

/** The names of `BertModel` and of models that are built like it; the pooler may be absent. @param numPositions the size that counts the rows of the position table */
export function bertLikeRules(numPositions: string): Rule[] {
  return [
    tensorRule("embeddings.word_embeddings.weight", "tokenEmbedding.weight", "vocabSize dModel"),
    tensorRule("embeddings.position_embeddings.weight", "positionEmbedding.weight", `${numPositions} dModel`),
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
    ...biasedLinearRules("pooler.dense", "pooler", "dModel dModel").map((rule) => optional(rule, "pooler")),
  ];
}

/** Heads that read an encoder for a task: of `…ForSequenceClassification`, `…ForTokenClassification`, `…ForMultipleChoice` and `…ForQuestionAnswering`. */
export const taskHeads: readonly string[] = [
  "classifier",
  "classifier.dense",
  "classifier.out_proj",
  "pre_classifier",
  "qa_outputs",
].flatMap((name) => [`${name}.weight`, `${name}.bias`]);

/** The names of a head that predicts masked tokens, which may be absent. */
export function maskedTokenHeadRules(names: {
  readonly transform: string;
  readonly norm: string;
  readonly weight: string;
  readonly bias: string;
}): Rule[] {
  return [
    ...biasedLinearRules(names.transform, "headTransform", "dModel dModel"),
    ...layerNormRules(names.norm, "headNorm"),
    tensorRule(names.bias, "head.bias", "vocabSize"),
    tensorRule(names.weight, "head.weight", "vocabSize dModel"),
  ].map((rule) => optional(rule, "maskedLanguageHead"));
}
