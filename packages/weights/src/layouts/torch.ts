import type { Choice, Layout, Rule } from "./layout.js";
import { layerNormRules, linearRules, optional, tensorRule } from "./rules.js";

const parts = ["query", "key", "value"];

/** `nn.MultiheadAttention` packs the weights of queries, keys and values where their inputs are equally wide, and always packs the biases. */
function attention(theirs: string, ours: string): (Rule | Choice)[] {
  const weights = parts.map((part) => `${ours}${part}.weight`);
  const packed: Rule = {
    theirs: [`${theirs}in_proj_weight`],
    ours: weights,
    shapes: ["dModel dModel", "dModel dModel", "dModel dModel"],
    transform: "stacked",
  };
  const separate: Rule = {
    theirs: [`${theirs}q_proj_weight`, `${theirs}k_proj_weight`, `${theirs}v_proj_weight`],
    ours: weights,
    shapes: ["dModel dModel", "dModel keyInputDim", "dModel valueInputDim"],
  };
  const bias: Rule = {
    theirs: [`${theirs}in_proj_bias`],
    ours: parts.map((part) => `${ours}${part}.bias`),
    shapes: ["dModel", "dModel", "dModel"],
    transform: "stacked",
    optional: true,
  };
  return [{ oneOf: [packed, separate] }, bias, ...linearRules(`${theirs}out_proj`, `${ours}output`, "dModel dModel")];
}

function norm(theirs: string, ours: string): Rule[] {
  const [weight, bias] = layerNormRules(theirs, ours);
  return [weight!, optional(bias!)];
}

const feedForward = [
  ...linearRules("linear1", "feedForward.up", "hiddenDim dModel"),
  ...linearRules("linear2", "feedForward.down", "dModel hiddenDim"),
];

/** PyTorch's `nn.MultiheadAttention`, for `MultiHeadAttention` of `@tfblocks/attention`. */
export const torchMultiheadAttention: Layout = {
  name: "torchMultiheadAttention",
  prefix: "",
  body: [
    ...attention("", ""),
    optional(tensorRule("bias_k", "biasKey", "1 1 dModel")),
    optional(tensorRule("bias_v", "biasValue", "1 1 dModel")),
  ],
};

/** PyTorch's `nn.TransformerEncoderLayer`; the names are the same with `norm_first`. */
export const torchTransformerEncoderLayer: Layout = {
  name: "torchTransformerEncoderLayer",
  prefix: "",
  body: [...attention("self_attn.", "attention."), ...feedForward, ...norm("norm1", "attentionNorm"), ...norm("norm2", "feedForwardNorm")],
};

/** PyTorch's `nn.TransformerDecoderLayer`; the names are the same with `norm_first`. */
export const torchTransformerDecoderLayer: Layout = {
  name: "torchTransformerDecoderLayer",
  prefix: "",
  body: [
    ...attention("self_attn.", "attention."),
    ...attention("multihead_attn.", "crossAttention."),
    ...feedForward,
    ...norm("norm1", "attentionNorm"),
    ...norm("norm2", "crossAttentionNorm"),
    ...norm("norm3", "feedForwardNorm"),
  ],
};
