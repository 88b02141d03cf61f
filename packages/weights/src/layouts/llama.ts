import { biasedLinear, type Choice, type Layout, linear, optional, type Rule, same, scaleNorm } from "./layout.js";

const layer = "layers.{i}";
const embedding = same("embed_tokens.weight", "tokenEmbedding.weight", "vocabSize dModel");
const finalNorm = scaleNorm("norm", "finalNorm");
const output = linear(`${layer}.self_attn.o_proj`, `${layer}.attention.output`, "dModel queryDim");
const norms = [
  scaleNorm(`${layer}.input_layernorm`, `${layer}.attentionNorm`),
  scaleNorm(`${layer}.post_attention_layernorm`, `${layer}.feedForwardNorm`),
];
const gatedFeedForward = [
  ...linear(`${layer}.mlp.gate_proj`, `${layer}.feedForward.gate`, "hiddenDim dModel"),
  ...linear(`${layer}.mlp.up_proj`, `${layer}.feedForward.up`, "hiddenDim dModel"),
  ...linear(`${layer}.mlp.down_proj`, `${layer}.feedForward.down`, "dModel hiddenDim"),
];

/** Queries, keys and values, whose biases some models have always. */
function projections(kind: typeof linear): Rule[] {
  return [
    ...kind(`${layer}.self_attn.q_proj`, `${layer}.attention.query`, "queryDim dModel"),
    ...kind(`${layer}.self_attn.k_proj`, `${layer}.attention.key`, "kvDim dModel"),
    ...kind(`${layer}.self_attn.v_proj`, `${layer}.attention.value`, "kvDim dModel"),
  ];
}

/** What Llama and its relatives share around their layers. */
function llamaLike(name: string, layers: readonly (Rule | Choice)[]): Layout {
  return {
    name,
    prefix: "model.",
    body: [embedding, ...layers, ...gatedFeedForward, finalNorm],
    head: [optional(same("lm_head.weight", "head.weight", "vocabSize dModel"))],
    tied: { head: "lm_head.weight", embedding: "embed_tokens.weight" },
    ignored: ["layers.{i}.self_attn.rotary_emb.inv_freq", "rotary_emb.inv_freq"],
  };
}

/** Hugging Face's `LlamaForCausalLM` and, without the prefix, `LlamaModel`. Biases may be absent. */
export const llama: Layout = llamaLike("llama", [...projections(linear), output, norms].flat());

/** Hugging Face's `MistralForCausalLM`: as Llama. */
export const mistral: Layout = { ...llama, name: "mistral" };

/** Hugging Face's `Qwen2ForCausalLM`: as Llama, with biases of queries, keys and values. */
export const qwen2: Layout = llamaLike("qwen2", [...projections(biasedLinear), output, norms].flat());

/** Hugging Face's `Qwen3ForCausalLM`: as Llama, with norms of each head's queries and keys. */
export const qwen3: Layout = llamaLike(
  "qwen3",
  [
    ...projections(linear),
    output,
    norms,
    scaleNorm(`${layer}.self_attn.q_norm`, `${layer}.attention.queryNorm`, "headDim"),
    scaleNorm(`${layer}.self_attn.k_norm`, `${layer}.attention.keyNorm`, "headDim"),
  ].flat(),
);

/** Hugging Face's `Gemma2ForCausalLM`: norms before and after each sublayer. Its norms scale by 1 + weight. */
export const gemma2: Layout = llamaLike(
  "gemma2",
  [
    ...projections(linear),
    output,
    scaleNorm(`${layer}.input_layernorm`, `${layer}.attentionNorm`),
    scaleNorm(`${layer}.post_attention_layernorm`, `${layer}.attentionPostNorm`),
    scaleNorm(`${layer}.pre_feedforward_layernorm`, `${layer}.feedForwardNorm`),
    scaleNorm(`${layer}.post_feedforward_layernorm`, `${layer}.feedForwardPostNorm`),
  ].flat(),
);
