import { layerNorm, type Layout, optional, type Rule, same } from "./layout.js";

/** A `Conv1D` of GPT-2: `y = x W + b` with W `[in, out]`; `shape` is ours, `"outFeatures inFeatures"`. */
function conv1d(theirs: string, ours: string, shape: string): Rule[] {
  return [
    { theirs: [`${theirs}.weight`], ours: [`${ours}.weight`], shapes: [shape], transform: "transposed" },
    same(`${theirs}.bias`, `${ours}.bias`, shape.split(" ")[0]!),
  ];
}

const attention = ["query", "key", "value"].map((part) => `layers.{i}.attention.${part}`);

/** Hugging Face's `GPT2LMHeadModel` and, without the prefix, `GPT2Model`. Queries, keys and values are one `[dModel, 3 · dModel]`. */
export const gpt2: Layout = {
  name: "gpt2",
  prefix: "transformer.",
  body: [
    same("wte.weight", "tokenEmbedding.weight", "vocabSize dModel"),
    same("wpe.weight", "positionEmbedding.weight", "maxLength dModel"),
    ...layerNorm("h.{i}.ln_1", "layers.{i}.attentionNorm"),
    {
      theirs: ["h.{i}.attn.c_attn.weight"],
      ours: attention.map((name) => `${name}.weight`),
      shapes: ["dModel dModel", "dModel dModel", "dModel dModel"],
      transform: "transposedStacked",
    },
    {
      theirs: ["h.{i}.attn.c_attn.bias"],
      ours: attention.map((name) => `${name}.bias`),
      shapes: ["dModel", "dModel", "dModel"],
      transform: "stacked",
    },
    ...conv1d("h.{i}.attn.c_proj", "layers.{i}.attention.output", "dModel dModel"),
    ...layerNorm("h.{i}.ln_2", "layers.{i}.feedForwardNorm"),
    ...conv1d("h.{i}.mlp.c_fc", "layers.{i}.feedForward.up", "hiddenDim dModel"),
    ...conv1d("h.{i}.mlp.c_proj", "layers.{i}.feedForward.down", "dModel hiddenDim"),
    ...layerNorm("ln_f", "finalNorm"),
  ],
  head: [optional(same("lm_head.weight", "head.weight", "vocabSize dModel"))],
  tied: { head: "lm_head.weight", embedding: "wte.weight" },
  ignored: ["h.{i}.attn.bias", "h.{i}.attn.masked_bias"],
};
