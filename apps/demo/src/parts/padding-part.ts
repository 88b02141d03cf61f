import { fixed } from "@tfblocks/command-line";
import { paddedBatch, type PaddingExperiment, tokenize } from "@tfblocks/lesson";
import { tokenList } from "../format.js";
import { heatMaps } from "../heat-map.js";
import { code, type Page, paragraph, subheading } from "../page.js";
import type { Context, Part } from "../part.js";

const introduction =
  "All sentences of a batch must have the same length, so the shorter one is padded with <pad>. " +
  "masks.padding({ lengths }) masks the padded keys: their weights are exactly 0, and the sentence has the same output as without a batch.";

/** A sentence that is shorter than the text, or longer if the text has at most three tokens. */
function secondSentence(tokens: readonly string[]): string[] {
  return tokenize(tokens.length > 3 ? "It was tired" : "The animal was too tired");
}

/** A batch of two sentences of different lengths. */
export const paddingPart: Part = {
  title: "Padding: sentences of different lengths in one batch",
  async run({ tokens, settings }: Context) {
    const { checks, ...data } = await paddedBatch([tokens, secondSentence(tokens)], settings);
    return {
      data,
      checks,
      print: (page) => [
        ...paragraph(page, introduction),
        ...code(page, callOf(data)),
        "",
        ...printBatch(page, data),
        ...printMaps(page, data),
      ],
    };
  },
};

function callOf({ lengths }: Pick<PaddingExperiment, "lengths">): string {
  return `attention.apply(x, x, x, { mask: masks.padding({ lengths: [${lengths.join(", ")}] }) });`;
}

function printBatch(page: Page, { batch, lengths, padded, massWithoutMask }: Omit<PaddingExperiment, "checks">): string[] {
  const sentences = batch.flatMap((tokens, index) =>
    paragraph(page, `sentence ${index} (length ${lengths[index]!} of ${tokens.length}): ${tokenList(tokens)}`, { indent: 2, hang: 4 }),
  );
  return [
    ...sentences,
    "",
    ...paragraph(page, `Without the mask, sentence ${padded} puts ${fixed(100 * massWithoutMask, 0)} % of its attention on padding.`, {
      indent: 2,
    }),
  ];
}

function printMaps(page: Page, { batch, padded, weights, allowed }: Omit<PaddingExperiment, "checks">): string[] {
  const keyTokens = batch[padded]!;
  const queryTokens = keyTokens.slice(0, allowed.length);
  return [...subheading(page, `Sentence ${padded} with the mask`), ...heatMaps(page, { queryTokens, keyTokens, weights, allowed })];
}
