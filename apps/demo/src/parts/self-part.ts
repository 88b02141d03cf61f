import { selfAttention } from "@tfblocks/lesson";
import { heatMaps } from "../heat-map.js";
import { code, paragraph, subheading } from "../page.js";
import type { Context, Part } from "../part.js";
import { printStrongestKeys, printResult, printScores, printSteps, printVectors } from "../print-trace.js";
import { untrainedNote } from "../untrained-note.js";

const introduction =
  "Each token attends to every token of the same text. Its query describes what it is looking for, the keys describe what the tokens offer, and the values of matching keys are added up. " +
  "Attention(Q, K, V) = softmax(Q Kᵀ / sqrt(d_k)) V. Several heads do this in parallel, each with its own projections.";

/** The formula, the shapes, the numbers of one token, and what each head attends to. */
export const selfPart: Part = {
  title: "Self-attention: a text attends to itself",
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
        ...subheading(page, "Attention weights by head"),
        ...heatMaps(page, trace),
        ...printStrongestKeys(page, trace, walk),
        ...untrainedNote(page),
      ],
    };
  },
};
