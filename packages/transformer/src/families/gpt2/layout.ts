import { layerNormRules, optional, tensorRule, type Layout, type Rule } from "@tfblocks/weights/layouts";

/** A `Conv1D` of GPT-2: `y = x W + b` with W `[in, out]`; `shape` is that of our weight, `"outFeatures inFeatures"`. */
function conv1d(theirs: string, ours: string, shape: string): Rule[] {
  return [
    { theirs: [`${theirs}.weight`], ours: [`${ours}.weight`], shapes: [shape], transform: "transposed" },
    tensorRule(`${theirs}.bias`, `${ours}.bias`, shape.split(" ")[0]!),
  ];
}

const attention = ["query", "key", "value"].map((part) => `layers.{i}.attention.${part}`);

/** Hugging Face's `GPT2LMHeadModel` and, without the prefix, `GPT2Model`. One matrix `[dModel, 3 · dModel]` holds queries, keys and values. */
export const layout: Omit<Layout, "name"> = {
  prefix: "transformer.",
  body: [
    tensorRule("wte.weight", "tokenEmbedding.weight", "vocabSize dModel"),
    tensorRule("wpe.weight", "positionEmbedding.weight", "maxLength dModel"),
    ...layerNormRules("h.{i}.ln_1", "layers.{i}.attentionNorm"),
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
    ...layerNormRules("h.{i}.ln_2", "layers.{i}.feedForwardNorm"),
    ...conv1d("h.{i}.mlp.c_fc", "layers.{i}.feedForward.up", "hiddenDim dModel"),
    ...conv1d("h.{i}.mlp.c_proj", "layers.{i}.feedForward.down", "dModel hiddenDim"),
    ...layerNormRules("ln_f", "finalNorm"),
  ],
  head: [optional(tensorRule("lm_head.weight", "head.weight", "vocabSize dModel"), "languageHead")],
  tied: { head: "lm_head.weight", embedding: "wte.weight" },
  ignored: ["h.{i}.attn.bias", "h.{i}.attn.masked_bias"],
};
