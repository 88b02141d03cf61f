import { type Layout, linearRules, optional, rmsNormRule, type Rule, tensorRule } from "@tfblocks/weights/layouts";

const layer = "layers.{i}";

/** Queries, keys, values and output. @param inputRules of the first three: `linearRules`, or `biasedLinearRules` where biases are required */
export function attentionRules(inputRules: typeof linearRules): Rule[] {
  return [
    ...inputRules(`${layer}.self_attn.q_proj`, `${layer}.attention.query`, "queryDim dModel"),
    ...inputRules(`${layer}.self_attn.k_proj`, `${layer}.attention.key`, "kvDim dModel"),
    ...inputRules(`${layer}.self_attn.v_proj`, `${layer}.attention.value`, "kvDim dModel"),
    ...linearRules(`${layer}.self_attn.o_proj`, `${layer}.attention.output`, "dModel queryDim"),
  ];
}

/** The norm before each sublayer. */
export const preNormRules: readonly Rule[] = [
  rmsNormRule(`${layer}.input_layernorm`, `${layer}.attentionNorm`),
  rmsNormRule(`${layer}.post_attention_layernorm`, `${layer}.feedForwardNorm`),
];

const feedForwardRules = [
  ...linearRules(`${layer}.mlp.gate_proj`, `${layer}.feedForward.gate`, "hiddenDim dModel"),
  ...linearRules(`${layer}.mlp.up_proj`, `${layer}.feedForward.up`, "hiddenDim dModel"),
  ...linearRules(`${layer}.mlp.down_proj`, `${layer}.feedForward.down`, "dModel hiddenDim"),
];

/** The names of `LlamaForCausalLM` and, without the prefix, `LlamaModel`. @param rules of attention and norms */
export function llamaLikeLayout(rules: readonly Rule[]): Omit<Layout, "name"> {
  return {
    prefix: "model.",
    body: [
      tensorRule("embed_tokens.weight", "tokenEmbedding.weight", "vocabSize dModel"),
      ...rules,
      ...feedForwardRules,
      rmsNormRule("norm", "finalNorm"),
    ],
    head: [optional(tensorRule("lm_head.weight", "head.weight", "vocabSize dModel"))],
    tied: { head: "lm_head.weight", embedding: "embed_tokens.weight" },
    ignored: ["layers.{i}.self_attn.rotary_emb.inv_freq", "rotary_emb.inv_freq"],
  };
}
