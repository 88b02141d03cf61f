import { optional, rmsNormRule, tensorRule, type Choice, type Layout, type Rule } from "@tfblocks/weights/layouts";

/** Self- or cross-attention; T5 has no biases. */
function attention(theirs: string, ours: string): Rule[] {
  return [
    tensorRule(`${theirs}.q.weight`, `${ours}.query.weight`, "queryDim dModel"),
    tensorRule(`${theirs}.k.weight`, `${ours}.key.weight`, "queryDim dModel"),
    tensorRule(`${theirs}.v.weight`, `${ours}.value.weight`, "queryDim dModel"),
    tensorRule(`${theirs}.o.weight`, `${ours}.output.weight`, "dModel queryDim"),
  ];
}

/** T5 has one `wi`; T5 1.1 activates `wi_0` and multiplies it with `wi_1`. */
function feedForward(theirs: string, ours: string): (Rule | Choice)[] {
  const gated: Rule = {
    theirs: [`${theirs}.wi_0.weight`, `${theirs}.wi_1.weight`],
    ours: [`${ours}.gate.weight`, `${ours}.up.weight`],
    shapes: ["hiddenDim dModel", "hiddenDim dModel"],
  };
  const plain = tensorRule(`${theirs}.wi.weight`, `${ours}.up.weight`, "hiddenDim dModel");
  return [{ oneOf: [gated, plain] }, tensorRule(`${theirs}.wo.weight`, `${ours}.down.weight`, "dModel hiddenDim")];
}

/** The first layer holds the relative positions of all layers. */
function stack(side: "encoder" | "decoder"): (Rule | Choice)[] {
  return [
    tensorRule(
      `${side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`,
      `${side}.relativeBias.weight`,
      "numBuckets numHeads",
    ),
    rmsNormRule(`${side}.final_layer_norm`, `${side}.finalNorm`),
  ];
}

const [encoder, decoder] = ["encoder.block.{i}.layer", "decoder.block.{j}.layer"];
const [encoderLayer, decoderLayer] = ["encoder.layers.{i}", "decoder.layers.{j}"];

/** Hugging Face's `T5ForConditionalGeneration` and `T5Model`, of T5 and T5 1.1. */
export const layout: Omit<Layout, "name"> = {
  prefix: "",
  body: [
    tensorRule("shared.weight", "tokenEmbedding.weight", "vocabSize dModel"),
    ...stack("encoder"),
    ...attention(`${encoder}.0.SelfAttention`, `${encoderLayer}.attention`),
    rmsNormRule(`${encoder}.0.layer_norm`, `${encoderLayer}.attentionNorm`),
    ...feedForward(`${encoder}.1.DenseReluDense`, `${encoderLayer}.feedForward`),
    rmsNormRule(`${encoder}.1.layer_norm`, `${encoderLayer}.feedForwardNorm`),
    ...stack("decoder"),
    ...attention(`${decoder}.0.SelfAttention`, `${decoderLayer}.attention`),
    rmsNormRule(`${decoder}.0.layer_norm`, `${decoderLayer}.attentionNorm`),
    ...attention(`${decoder}.1.EncDecAttention`, `${decoderLayer}.crossAttention`),
    rmsNormRule(`${decoder}.1.layer_norm`, `${decoderLayer}.crossAttentionNorm`),
    ...feedForward(`${decoder}.2.DenseReluDense`, `${decoderLayer}.feedForward`),
    rmsNormRule(`${decoder}.2.layer_norm`, `${decoderLayer}.feedForwardNorm`),
  ],
  head: [optional(tensorRule("lm_head.weight", "head.weight", "vocabSize dModel"))],
  tied: { head: "lm_head.weight", embedding: "shared.weight" },
  ignored: [
    "encoder.embed_tokens.weight",
    "decoder.embed_tokens.weight",
    "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight", // in old files, without effect
  ],
};
