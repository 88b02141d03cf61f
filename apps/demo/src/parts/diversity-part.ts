import { fixed, table } from "@tfblocks/command-line";
import { compareHeads, type DiversityExperiment, type HeadProfile, type Measured } from "@tfblocks/lesson";
import { type Page, paragraph } from "../page.js";
import type { Context, Part } from "../part.js";
import { untrainedNote } from "../untrained-note.js";

const introduction =
  "Several heads are useful if they attend to different keys. The row “null” shows the score of a head that attends to all keys equally; only differences from it are meaningful.";

/** The metrics of each head, and how different the heads are. */
export const diversityPart: Part = {
  title: "Head diversity: how the heads differ",
  async run({ tokens, settings }: Context) {
    const { checks, ...data } = await compareHeads(tokens, settings);
    return {
      data,
      checks,
      print: (page) => [
        ...paragraph(page, introduction),
        "",
        ...printHeads(page, data),
        "",
        ...paragraph(page, explain(data), { indent: 2 }),
        ...untrainedNote(page),
      ],
    };
  },
};

const metrics: readonly [title: string, of: (head: HeadProfile) => Measured][] = [
  ["entropy", (head) => head.normalizedEntropy],
  ["diversity", (head) => head.diversity],
  ["previous", (head) => head.previousToken],
  ["first", (head) => head.firstToken],
  ["self", (head) => head.self],
];

function printHeads(page: Page, { heads }: Omit<DiversityExperiment, "checks">): string[] {
  const columns = [{ title: "head", align: "right" }, ...metrics.map(([title]) => ({ title, align: "right" }) as const)] as const;
  const rows = heads.map((head) => [String(head.head), ...metrics.map(([, of]) => fixed(of(head).score))]);
  const nulls = ["null", ...metrics.map(([, of]) => fixed(of(heads[0]!).nullScore))];
  return table(page, columns, [...rows, nulls]);
}

function explain({ diversity, heads }: Omit<DiversityExperiment, "checks">): string {
  const meanings =
    "Entropy: 1 = all keys have the same weight, 0 = one key has all of it. Previous, first, self: mean weight on the previous token, the first token, the token itself. Diversity: mean Jensen-Shannon distance to the other heads, 0 = equal, 1 = no key in common.";
  if (diversity === null) {
    return `${meanings} A dash means that a metric is not defined: with ${heads.length === 1 ? "one head" : "one token"} there is nothing to compare.`;
  }
  return `${meanings} The layer's diversity is ${fixed(diversity)}.`;
}
