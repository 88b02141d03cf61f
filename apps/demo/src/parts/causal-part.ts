import { causalAttention } from "@tfblocks/lesson";
import { heatMaps } from "../heat-map.js";
import { code, paragraph, subheading } from "../page.js";
import type { Context, Part } from "../part.js";
import { printScores } from "../print-trace.js";
import { untrainedNote } from "../untrained-note.js";

const introduction =
  "A model that generates text must not use later tokens: with masks.causal(), position i attends to keys 0 to i (in PyTorch often tril(ones(n, n))). " +
  "The scores of later keys are set to -Infinity before the softmax, so their weights are exactly 0, and every row still sums to 1. The first token attends only to itself.";

const longText = 100;

/** The causal mask, a check that later tokens have no influence, and decoding with a cache. */
export const causalPart: Part = {
  title: "Causal attention: tokens attend only to earlier ones",
  async run({ tokens, settings, progress }: Context) {
    if (tokens.length > longText) progress("checking the causal mask and decoding token by token (a few seconds)");
    const { trace, walk, masked, explanation, checks } = await causalAttention(tokens, settings);
    return {
      data: { trace, walk, masked, explanation },
      checks,
      print: (page) => [
        ...paragraph(page, introduction),
        ...code(page, "attention.apply(x, x, x, { mask: masks.causal() });"),
        ...(explanation === null ? [] : ["", ...paragraph(page, `The mask explains: ${explanation}.`, { indent: 2 })]),
        ...printScores(page, walk, trace.headDim),
        ...subheading(page, "The same text under the causal mask"),
        ...heatMaps(page, trace),
        ...untrainedNote(page),
      ],
    };
  },
};
