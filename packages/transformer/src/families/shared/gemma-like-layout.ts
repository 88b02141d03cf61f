import { type Layout, rmsNormRule, type Rule, unbiasedLinearRules } from "@tfblocks/weights/layouts";
import { attentionRules, gatedRules, linearRulesBy, llamaLikeLayout } from "./llama-like-layout.js";

const layer = "layers.{i}";

/**
 * Hugging Face's `Gemma2ForCausalLM` and `Gemma3ForCausalLM`: Llama's names, with norms before and after each sublayer, which scale by
 * 1 + weight.
 *
 * @param more rules of the layers
 */
export function gemmaLikeLayout(more: readonly Rule[] = []): Omit<Layout, "name"> {
  return llamaLikeLayout([
    ...attentionRules(linearRulesBy("attentionBias")),
    ...more,
    rmsNormRule(`${layer}.input_layernorm`, `${layer}.attentionNorm`),
    rmsNormRule(`${layer}.post_attention_layernorm`, `${layer}.attentionPostNorm`),
    rmsNormRule(`${layer}.pre_feedforward_layernorm`, `${layer}.feedForwardNorm`),
    rmsNormRule(`${layer}.post_feedforward_layernorm`, `${layer}.feedForwardPostNorm`),
    ...gatedRules(unbiasedLinearRules),
  ]);
}
