import type { AttentionTrace, TokenWalk } from "@tfblocks/lesson";
import { clip, printable } from "./display-width.js";
import { fixed, shape, vector, vectorRoom } from "./format.js";
import { type Page, paragraph, subheading } from "./page.js";
import { table } from "./table.js";

/** The steps of an attention call with the shapes that come out. */
export function printSteps(page: Page, { steps }: AttentionTrace): string[] {
  const rows = steps.map((step) => [step.name, shape(step.shape), step.formula]);
  return [
    ...subheading(page, "Shapes, step by step"),
    ...table(page, [{ title: "step" }, { title: "shape" }, { title: "computed as" }], rows),
  ];
}

const questions = { query: "what am I looking for?", key: "what do I represent?", value: "what information do I carry?" } as const;

/** A token's query, key and value beside what they are for. */
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
    ...row("input", "the token's vector, before the head's projections", walk.embedding),
    ...named.flatMap((name) => row(name, questions[name], walk[name]!)),
  ];
}

/** How the query scored the keys, the best first, and what came of it. */
export function printScores(page: Page, walk: TokenWalk, headDim: number, most = 5): string[] {
  const ranked = walk.keys.filter((key) => key.allowed).toSorted((a, b) => b.weight - a.weight);
  const shown = ranked.slice(0, most);
  const rest = ranked.slice(most);
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
    ...subheading(page, `How ${quoted(walk)} scores the keys: query · key / sqrt(${headDim}), then softmax`),
    ...table(page, columns, [...rows, ...restRow]),
  ];
}

/** The weighted values, and the vector that leaves the block. */
export function printResult(page: Page, walk: TokenWalk, numHeads: number): string[] {
  const room = vectorRoom(page.columns, 2);
  return [
    "",
    ...paragraph(page, "context = the sum of weight × value: what the token takes home from this head", { indent: 2, hang: 2 }),
    page.ink.faint(`  ${vector(walk.context, room)}`),
    ...paragraph(
      page,
      `output = the contexts of ${numHeads === 1 ? "the one head" : `all ${numHeads} heads side by side`}, projected: as wide as the input`,
      { indent: 2, hang: 2 },
    ),
    page.ink.faint(`  ${vector(walk.output, room)}`),
  ];
}

/** For one token, the key that each head weighs most. */
export function printFavourites(page: Page, trace: AttentionTrace, { index }: TokenWalk): string[] {
  const best = trace.weights.slice(0, 8).map((head, number) => {
    const row = head[index]!;
    const key = row.indexOf(Math.max(...row));
    return `head\u00a0${number}:\u00a0${key}\u00a0${printable(trace.keyTokens[key]!)}\u00a0${fixed(row[key]!, 2)}`;
  });
  return [
    "",
    ...paragraph(
      page,
      `${quoted({ token: trace.queryTokens[index]!, index })} weighs most, by head: ${best.join("\u00a0· ")}${trace.numHeads > 8 ? " …" : ""}`,
      { indent: 2, hang: 2 },
    ),
  ];
}

function quoted({ token, index }: { token: string; index: number }): string {
  return `${index} "${clip(printable(token), 20)}"`;
}
