import { tokenizerSweep, type EncodingColumns, type TokenizerFixture } from "@tfblocks/fixtures/tokenizers";
import { ValueError } from "@tfblocks/tensor-utils";
import { type Encoding, type HuggingFaceTokenizer, loadTokenizer } from "@tfblocks/text/hugging-face";
import { describe, expect, it } from "vitest";

const { texts, pairs, batch, cases } = await tokenizerSweep();

/** What this package does not compute, by case: the error names the field. */
const refusals: Readonly<Record<string, RegExp>> = {
  "pre_tokenizer UnicodeScripts": /pre_tokenizer\.type must be one of .*, got "UnicodeScripts"/,
  "model BPE with dropout": /model\.dropout must be supported, got 0\.1, which leaves out merges at random/,
};
/** Where a text is refused that the library encodes: in a way that loses the pair. */
const losesPair = "post_processor without a pair";
/** Where the library replaces empty matches, and fails in most pipelines. */
const emptyMatches = "normalizer Replace by pattern, empty matches";

const columns = ({ ids, typeIds, attentionMask, specialTokensMask }: Encoding): EncodingColumns =>
  [ids, typeIds, attentionMask, specialTokensMask].map((values) => [...values]) as unknown as EncodingColumns;

/** The result, or null where this package refuses the text as the library does. */
function attempt<Result>(compute: () => Result): Result | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ValueError) return null;
    throw error;
  }
}

function tokenizersOf(json: object) {
  const load = (options: object) => loadTokenizer(json, options);
  return { full: load({}), plain: load({ addSpecialTokens: false }), skipping: load({ skipSpecialTokens: true }) };
}

function expectTexts({ full, plain, skipping }: Record<"full" | "plain" | "skipping", HuggingFaceTokenizer>, each: TokenizerFixture) {
  const decoded = (ids: readonly number[]) => [ids, full.decode(ids), skipping.decode(ids)];
  const titled = (values: readonly unknown[]) => values.map((value, at) => [texts[at], value]);
  expect(titled(texts.map((text) => attempt(() => decoded(full.encode(text)))))).toEqual(titled(each.texts));
  expect(each.plain.map((_, at) => attempt(() => plain.encode(texts[at]!)))).toEqual(each.plain);
  expect(each.drawn.map(([ids]) => decoded(ids))).toEqual(each.drawn);
}

describe("a tokenizer of the sweep gives what Hugging Face's tokenizers gives, or is refused by name", () => {
  it.each(cases.filter(({ name }) => name !== emptyMatches).map((each) => [each.name, each] as const))("%s", (name, each) => {
    if (refusals[name] !== undefined) {
      expect(() => loadTokenizer(each.json)).toThrow(refusals[name]);
      return;
    }
    const all = tokenizersOf(each.json);
    expectTexts(all, each);
    if (name === losesPair) {
      expect(() => all.full.encode("a", "b")).toThrow(/pair must be omitted for this tokenizer/);
      return;
    }
    expect(pairs.map((pair) => attempt(() => columns(all.full.encoding(...pair))))).toEqual(each.pairs);
    expect(pairs.map((pair) => attempt(() => columns(all.plain.encoding(...pair))))).toEqual(each.plainPairs);
    expect(attempt(() => all.full.encodeBatch(batch).map(columns))).toEqual(each.batch);
  });

  it("a normalizer whose pattern matches no characters is refused when it does", () => {
    const tokenizer = loadTokenizer(cases.find(({ name }) => name === emptyMatches)!.json);
    expect(() => tokenizer.encode("abc")).toThrow(/normalizer\.pattern must be a pattern that matches characters, got an empty match at 0/);
  });

  it("docs/tokenizers.md has the counts", async () => {
    await expect(report()).toMatchFileSnapshot("../../../../docs/tokenizers.md");
  });
});

/** A table whose columns are aligned, as the formatter wants it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head!), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

const kinds = ["normalizer", "pre_tokenizer", "model", "post_processor", "decoder", "added token", "truncation", "padding"];

function report(): string {
  const kindOf = ({ name }: TokenizerFixture) => kinds.find((kind) => name.startsWith(kind)) ?? "popular models";
  const isRefused = ({ name }: TokenizerFixture) => refusals[name] !== undefined || name === emptyMatches;
  const rows = ["popular models", ...kinds].map((kind) => {
    const all = cases.filter((each) => kindOf(each) === kind);
    const refused = all.filter(isRefused);
    return [
      kind,
      String(all.length),
      String(all.length - refused.length),
      refused.map(({ name }) => name.slice(kind.length + 1)).join(", "),
    ];
  });
  const styles = cases.filter((each) => kindOf(each) === "popular models").map(({ name }) => name);
  return `# Tokenizers

\`loadTokenizer\` of \`@tfblocks/text\` gives the ids and the text that Hugging Face's \`tokenizers\` 0.23.3 gives, or refuses the file by the
name of its field. A sweep of ${cases.length} small tokenizers over ${texts.length} hard texts, ${pairs.length} pairs and a batch checks it; this page is
written by \`packages/text/src/hugging-face/sweep.node.test.ts\`.

${table([["kind", "tokenizers", "equal", "refused"], ...rows])}

The popular models are: ${styles.join("; ")}.

## What else is refused

- Patterns: back-references, \`(?x)\`, \`\\G\`, \`\\K\`, \`\\X\`, properties other than general categories and ten scripts, \`(?i)\` over
  letters beyond ASCII or over pairs that a ligature stands for; repetitions that may take exponential time.
- A file that contradicts itself: an added token whose id is not the one that the library gives it, two tokens with one id.
- A field that is not known, in any part.
- A text with half of a surrogate pair, and a second text where the template has no place for it.
`;
}
