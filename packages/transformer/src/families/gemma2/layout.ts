import { type Layout, rmsNormRule, unbiasedLinearRules } from "@tfblocks/weights/layouts";
import { attentionRules, gatedRules, linearRulesBy, llamaLikeLayout } from "../shared/llama-like-layout.js";

const layer = "layers.{i}";

/** Hugging Face's `Gemma2ForCausalLM`: Llama's names, with norms before and after each sublayer, which scale by 1 + weight. */
export const layout: Omit<Layout, "name"> = llamaLikeLayout([
  ...attentionRules(linearRulesBy("attentionBias")),
  rmsNormRule(`${layer}.input_layernorm`, `${layer}.attentionNorm`),
  rmsNormRule(`${layer}.post_attention_layernorm`, `${layer}.attentionPostNorm`),
  rmsNormRule(`${layer}.pre_feedforward_layernorm`, `${layer}.feedForwardNorm`),
  rmsNormRule(`${layer}.post_feedforward_layernorm`, `${layer}.feedForwardPostNorm`),
  ...gatedRules(unbiasedLinearRules),
]);
