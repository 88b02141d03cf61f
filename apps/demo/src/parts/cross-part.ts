import { crossAttention } from "@tfblocks/lesson";
import { shape, tokenList } from "../format.js";
import { heatMaps } from "../heat-map.js";
import { code, paragraph, subheading } from "../page.js";
import type { Context, Part } from "../part.js";
import { printFavourites, printScores } from "../print-trace.js";
import { untrainedNote } from "../untrained.js";

const introduction =
  "Queries come from your text, keys and values from another one, as when a translation's decoder looks at the sentence it translates. " +
  "The output has one row for each query; the other text only decides what can be looked up.";

/** Queries of one text, keys and values of another. */
export const crossPart: Part = {
  title: "Cross-attention: a text looks at another text",
  async run({ tokens, otherTokens, settings }: Context) {
    const { trace, walk, checks } = await crossAttention(tokens, otherTokens, settings);
    const shapeOf = (name: string) => shape(trace.steps.find((step) => step.name === name)!.shape);
    return {
      data: { trace, walk },
      checks,
      print: (page) => [
        ...paragraph(page, introduction),
        ...code(page, "const { output, weights } = attention.apply(text, other, other);"),
        "",
        ...paragraph(page, `keys (columns): ${tokenList(otherTokens)}`, { indent: 2, hang: 2 }),
        ...paragraph(
          page,
          `Q ${shapeOf("split Q into heads")}, K and V ${shapeOf("split K, V into heads")}, weights ${shapeOf("weights")}, output ${shapeOf("output")}`,
          { indent: 2, hang: 2 },
        ),
        ...printScores(page, walk, trace.headDim),
        ...subheading(page, "Which query attends to which key of the other text"),
        ...heatMaps(page, trace),
        ...printFavourites(page, trace, walk),
        ...untrainedNote(page),
      ],
    };
  },
};
