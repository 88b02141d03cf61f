import { selfAttention } from "@tfblocks/lesson";
import { heatMaps } from "../heat-map.js";
import { code, paragraph, subheading } from "../page.js";
import type { Context, Part } from "../part.js";
import { printFavourites, printResult, printScores, printSteps, printVectors } from "../print-trace.js";
import { untrainedNote } from "../untrained.js";

const introduction =
  "Each token asks every token of the same text. Its query says what it looks for, the keys say what the tokens represent; where they match, the value is taken over. " +
  "Attention(Q, K, V) = softmax(Q Kᵀ / sqrt(d_k)) V. Several heads do this at once, each with projections of its own: several perspectives in parallel.";

/** The formula, the shapes, one token's numbers, and what each head attends to. */
export const selfPart: Part = {
  title: "Self-attention: a text looks at itself",
  async run({ tokens, settings }: Context) {
    const { trace, walk, checks } = await selfAttention(tokens, settings);
    return {
      data: { trace, walk },
      checks,
      print: (page) => [
        ...paragraph(page, introduction),
        ...code(page, "const { output, weights } = attention.apply(x, x, x);"),
        ...printSteps(page, trace),
        ...printVectors(page, walk),
        ...printScores(page, walk, trace.headDim),
        ...printResult(page, walk, trace.numHeads),
        ...subheading(page, "Which token attends to which, head by head"),
        ...heatMaps(page, trace),
        ...printFavourites(page, trace, walk),
        ...untrainedNote(page),
      ],
    };
  },
};
