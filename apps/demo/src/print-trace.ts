import { clip, fixed, printable, table } from "@tfblocks/command-line";
import type { AttentionTrace, TokenWalk } from "@tfblocks/lesson";
import { shape, vector, vectorRoom } from "./format.js";
import { type Page, paragraph, subheading } from "./page.js";

/** The steps of an attention call with the shapes of their results. */
export function printSteps(page: Page, { steps }: AttentionTrace): string[] {
  const rows = steps.map((step) => [step.name, shape(step.shape), step.formula]);
  return [...subheading(page, "Shapes of each step"), ...table(page, [{ title: "step" }, { title: "shape" }, { title: "formula" }], rows)];
}

const meanings = { query: "what am I looking for?", key: "what do I offer?", value: "what do I pass on?" } as const;

/** The query, key and value of a token, with their meanings. */
export function printVectors(page: Page, walk: TokenWalk): string[] {
  const labelWidth = "value  ".length;
  const room = vectorRoom(page.columns, labelWidth);
  const row = (name: string, meaning: string, values: readonly number[]) => [
    ...paragraph(page, `${name.padEnd(labelWidth).replaceAll(" ", "\u00a0")}${meaning}`, { indent: 2, hang: labelWidth }),
    page.ink.faint(`  ${" ".repeat(labelWidth)}${vector(values, room)}`),
  ];
  const named = (["query", "key", "value"] as const).filter((name) => walk[name] !== null);
  const title = `One token in numbers: ${quoted(walk)}, head ${walk.head}, the first ${Math.min(room, walk.query.length)} of ${walk.query.length}`;
  return [
    ...subheading(page, title),
    ...row("input", "the vector of the token, before the projections", walk.embedding),
    ...named.flatMap((name) => row(name, meanings[name], walk[name]!)),
  ];
}

/** The scores and weights of the keys, the largest first. */
export function printScores(page: Page, walk: TokenWalk, headDim: number, max = 5): string[] {
  const ranked = walk.keys.filter((key) => key.allowed).toSorted((a, b) => b.weight - a.weight);
  const shown = ranked.slice(0, max);
  const rest = ranked.slice(max);
  const rows = shown.map((key) => [
    `${key.index} ${clip(printable(key.token), 16)}`,
    fixed(key.score, 2),
    fixed(key.weight),
    "█".repeat(Math.round(key.weight * 30)),
  ]);
  const others = rest.reduce((sum, key) => sum + key.weight, 0);
  const restRow = rest.length > 0 ? [[`${rest.length} more`, "", fixed(others), ""]] : [];
  const columns = [{ title: "key" }, { title: "score", align: "right" }, { title: "weight", align: "right" }, { title: "" }] as const;
  return [
    ...subheading(page, `Scores of ${quoted(walk)}: query · key / sqrt(${headDim}), then softmax`),
    ...table(page, columns, [...rows, ...restRow]),
  ];
}

/** The weighted sum of the values, and the output of the block. */
export function printResult(page: Page, walk: TokenWalk, numHeads: number): string[] {
  const room = vectorRoom(page.columns, 2);
  return [
    "",
    ...paragraph(page, "context = the sum of weight × value, the result of this head for the token", { indent: 2, hang: 2 }),
    page.ink.faint(`  ${vector(walk.context, room)}`),
    ...paragraph(
      page,
      `output = the projected context${numHeads === 1 ? "" : `s of all ${numHeads} heads, concatenated`}; as wide as the input`,
      { indent: 2, hang: 2 },
    ),
    page.ink.faint(`  ${vector(walk.output, room)}`),
  ];
}

/** The key with the largest weight of one token in each head. */
export function printStrongestKeys(page: Page, trace: AttentionTrace, { index }: TokenWalk): string[] {
  const strongest = trace.weights.slice(0, 8).map((head, number) => {
    const row = head[index]!;
    const key = row.indexOf(Math.max(...row));
    return `head\u00a0${number}:\u00a0${key}\u00a0${printable(trace.keyTokens[key]!)}\u00a0${fixed(row[key]!, 2)}`;
  });
  return [
    "",
    ...paragraph(
      page,
      `Strongest key of ${quoted({ token: trace.queryTokens[index]!, index })} by head: ${strongest.join("\u00a0· ")}${trace.numHeads > 8 ? " …" : ""}`,
      { indent: 2, hang: 2 },
    ),
  ];
}

function quoted({ token, index }: { token: string; index: number }): string {
  return `${index} "${clip(printable(token), 20)}"`;
}
