import { crossAttention } from "@tfblocks/lesson";
import { shape, tokenList } from "../format.js";
import { heatMaps } from "../heat-map.js";
import { code, paragraph, subheading } from "../page.js";
import type { Context, Part } from "../part.js";
import { printStrongestKeys, printScores } from "../print-trace.js";
import { untrainedNote } from "../untrained-note.js";

const introduction =
  "Queries come from your text, keys and values from another one, for example when the decoder of a translation model attends to the source sentence. " +
  "The output has one row per query; the other text only provides the keys and values.";

/** Queries from one text, keys and values from another. */
export const crossPart: Part = {
  title: "Cross-attention: a text attends to another text",
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
        ...subheading(page, "Attention weights from the text to the other text"),
        ...heatMaps(page, trace),
        ...printStrongestKeys(page, trace, walk),
        ...untrainedNote(page),
      ],
    };
  },
};
