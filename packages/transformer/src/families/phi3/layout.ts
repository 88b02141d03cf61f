import { type Layout, type Rule, unbiasedLinearRules } from "@tfblocks/weights/layouts";
import { llamaLikeLayout, preNormRules } from "../shared/llama-like-layout.js";

const layer = "layers.{i}";

const packedRules: readonly Rule[] = [
  {
    theirs: [`${layer}.self_attn.qkv_proj.weight`],
    ours: ["query", "key", "value"].map((part) => `${layer}.attention.${part}.weight`),
    shapes: ["queryDim dModel", "kvDim dModel", "kvDim dModel"],
    transform: "stackedByHeads",
  },
  {
    theirs: [`${layer}.mlp.gate_up_proj.weight`],
    ours: [`${layer}.feedForward.gate.weight`, `${layer}.feedForward.up.weight`],
    shapes: ["hiddenDim dModel", "hiddenDim dModel"],
    transform: "stacked",
  },
];

/**
 * Hugging Face's `Phi3ForCausalLM`: Llama's names, but one matrix `[(numHeads + 2 · numKvHeads) · headDim, dModel]` holds queries, keys
 * and values one after another, and another one, `[2 · hiddenDim, dModel]`, the gate and what it is multiplied by.
 */
export const layout: Omit<Layout, "name"> = llamaLikeLayout([
  ...packedRules,
  ...unbiasedLinearRules(`${layer}.self_attn.o_proj`, `${layer}.attention.output`, "dModel queryDim"),
  ...preNormRules,
  ...unbiasedLinearRules(`${layer}.mlp.down_proj`, `${layer}.feedForward.down`, "dModel hiddenDim"),
]);
