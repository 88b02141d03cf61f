import { causalAttention } from "@tfblocks/lesson";
import { heatMaps } from "../heat-map.js";
import { code, paragraph, subheading } from "../page.js";
import type { Context, Part } from "../part.js";
import { printScores } from "../print-trace.js";
import { untrainedNote } from "../untrained.js";

const introduction =
  "A model that writes a text must not read what comes after: masks.causal() lets position i see the keys 0 … i (in PyTorch often tril(ones(n, n))). " +
  "The scores of later keys become -Infinity before the softmax, so their weights are exactly 0, and each row still sums to 1 over what it may see. The first token can only see itself.";

const longText = 100;

/** The causal mask, its proof by perturbation, and decoding with a cache. */
export const causalPart: Part = {
  title: "Causal attention: no token sees later ones",
  async run({ tokens, settings, progress }: Context) {
    if (tokens.length > longText) progress("changing later tokens, and decoding token by token, some seconds");
    const { trace, walk, masked, explanation, checks } = await causalAttention(tokens, settings);
    return {
      data: { trace, walk, masked, explanation },
      checks,
      print: (page) => [
        ...paragraph(page, introduction),
        ...code(page, "attention.apply(x, x, x, { mask: masks.causal() });"),
        ...(explanation === null ? [] : ["", ...paragraph(page, `The mask says why: ${explanation}.`, { indent: 2 })]),
        ...printScores(page, walk, trace.headDim),
        ...subheading(page, "The same text under the causal mask"),
        ...heatMaps(page, trace),
        ...untrainedNote(page),
      ],
    };
  },
};
