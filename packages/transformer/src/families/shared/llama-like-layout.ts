import {
  type Layout,
  linearRules,
  optional,
  rmsNormRule,
  type Rule,
  tensorRule,
  type unbiasedLinearRules,
} from "@tfblocks/weights/layouts";

const layer = "layers.{i}";

/** The rules of a linear map. */
type LinearRules = typeof unbiasedLinearRules;

/** Queries, keys, values and output. @param outputRules of the output; default as of the others */
export function attentionRules(inputRules: LinearRules, outputRules: LinearRules = inputRules): Rule[] {
  return [
    ...inputRules(`${layer}.self_attn.q_proj`, `${layer}.attention.query`, "queryDim dModel"),
    ...inputRules(`${layer}.self_attn.k_proj`, `${layer}.attention.key`, "kvDim dModel"),
    ...inputRules(`${layer}.self_attn.v_proj`, `${layer}.attention.value`, "kvDim dModel"),
    ...outputRules(`${layer}.self_attn.o_proj`, `${layer}.attention.output`, "dModel queryDim"),
  ];
}

/** Linear maps whose biases a flag decides on. */
export function linearRulesBy(flag: string): LinearRules {
  return (theirs, ours, shape) => linearRules(theirs, ours, shape, flag);
}

/** The norm before each sublayer. */
export const preNormRules: readonly Rule[] = [
  rmsNormRule(`${layer}.input_layernorm`, `${layer}.attentionNorm`),
  rmsNormRule(`${layer}.post_attention_layernorm`, `${layer}.feedForwardNorm`),
];

/** A gated feed-forward network. */
export function gatedRules(rules: LinearRules): Rule[] {
  return [
    ...rules(`${layer}.mlp.gate_proj`, `${layer}.feedForward.gate`, "hiddenDim dModel"),
    ...rules(`${layer}.mlp.up_proj`, `${layer}.feedForward.up`, "hiddenDim dModel"),
    ...rules(`${layer}.mlp.down_proj`, `${layer}.feedForward.down`, "dModel hiddenDim"),
  ];
}

/** The names of `LlamaForCausalLM` and, without the prefix, `LlamaModel`. @param rules of the layers */
export function llamaLikeLayout(rules: readonly Rule[]): Omit<Layout, "name"> {
  return {
    prefix: "model.",
    body: [tensorRule("embed_tokens.weight", "tokenEmbedding.weight", "vocabSize dModel"), ...rules, rmsNormRule("norm", "finalNorm")],
    head: [optional(tensorRule("lm_head.weight", "head.weight", "vocabSize dModel"), "languageHead")],
    tied: { head: "lm_head.weight", embedding: "embed_tokens.weight" },
    ignored: ["layers.{i}.self_attn.rotary_emb.inv_freq", "rotary_emb.inv_freq"],
  };
}

/** The layout of Llama, whose attention and feed-forward networks may have biases. */
export const llamaLayout: Omit<Layout, "name"> = llamaLikeLayout([
  ...attentionRules(linearRulesBy("attentionBias")),
  ...preNormRules,
  ...gatedRules(linearRulesBy("feedForwardBias")),
]);
