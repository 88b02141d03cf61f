import { biasedLinearRules, layerNormRules, linearRules, optional, tensorRule, type Layout } from "@tfblocks/weights/layouts";

const layer = "layers.{i}";
const attention = ["query", "key", "value"].map((part) => `${layer}.attention.${part}`);

/**
 * Hugging Face's `GPTNeoXForCausalLM` (Pythia) and, without the prefix, `GPTNeoXModel`. One matrix
 * `[numHeads · 3 · headDim, dModel]` holds queries, keys and values, grouped by head.
 */
export const layout: Omit<Layout, "name"> = {
  prefix: "gpt_neox.",
  body: [
    tensorRule("embed_in.weight", "tokenEmbedding.weight", "vocabSize dModel"),
    ...layerNormRules(`${layer}.input_layernorm`, `${layer}.attentionNorm`),
    {
      theirs: [`${layer}.attention.query_key_value.weight`],
      ours: attention.map((name) => `${name}.weight`),
      shapes: ["dModel dModel", "dModel dModel", "dModel dModel"],
      transform: "interleavedByHead",
    },
    {
      theirs: [`${layer}.attention.query_key_value.bias`],
      ours: attention.map((name) => `${name}.bias`),
      shapes: ["dModel", "dModel", "dModel"],
      transform: "interleavedByHead",
      optional: "attentionBias",
    },
    ...linearRules(`${layer}.attention.dense`, `${layer}.attention.output`, "dModel dModel", "attentionBias"),
    ...layerNormRules(`${layer}.post_attention_layernorm`, `${layer}.feedForwardNorm`),
    ...biasedLinearRules(`${layer}.mlp.dense_h_to_4h`, `${layer}.feedForward.up`, "hiddenDim dModel"),
    ...biasedLinearRules(`${layer}.mlp.dense_4h_to_h`, `${layer}.feedForward.down`, "dModel hiddenDim"),
    ...layerNormRules("final_layer_norm", "finalNorm"),
  ],
  head: [optional(tensorRule("embed_out.weight", "head.weight", "vocabSize dModel"), "languageHead")],
  tied: { head: "embed_out.weight", embedding: "embed_in.weight" },
  ignored: [
    "layers.{i}.attention.bias",
    "layers.{i}.attention.masked_bias",
    "layers.{i}.attention.rotary_emb.inv_freq",
    "rotary_emb.inv_freq",
  ],
  renamed: { "lm_head.weight": "embed_out.weight" }, // the name in memory of transformers 5; files keep the old one
};
