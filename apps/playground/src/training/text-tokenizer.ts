import { trainByteLevelBpe } from "@tfblocks/text";
import { type HuggingFaceTokenizer, loadTokenizer } from "@tfblocks/text/hugging-face";
import type { TaskPort } from "../compute/task.js";
import type { TextSizes } from "./run-settings.js";

/** Stands for every word or character outside the vocabulary. */
const unknown = "<unk>";
const wordCharacters = String.raw`\p{L}\p{M}\p{N}_'’`;
/** The fewest tokens of byte-level BPE: the bytes. */
const bytes = 256;
const sliceLength = 20_000;

/** A tokenizer that was made from a text. */
export interface TextTokenizer {
  /** Hugging Face's `tokenizer.json`. */
  readonly json: object;
  readonly tokenizer: HuggingFaceTokenizer;
  /** The token of what the vocabulary lacks; undefined if every text can be encoded. */
  readonly unknownId: number | undefined;
}

/** Makes a tokenizer with the most frequent words, characters or pieces of a text; undefined after a cancel. */
export async function makeTokenizer(
  text: string,
  sizes: Pick<TextSizes, "tokens" | "vocabulary">,
  port: TaskPort,
): Promise<TextTokenizer | undefined> {
  const json = sizes.tokens === "pieces" ? await pieces(text, sizes.vocabulary, port) : await listed(text, sizes, port);
  if (json === undefined) return undefined;
  return { json, tokenizer: loadTokenizer(json), unknownId: sizes.tokens === "pieces" ? undefined : 0 };
}

/** The ids of a text; undefined after a cancel. */
export async function encodeText(text: string, tokenizer: HuggingFaceTokenizer, port: TaskPort): Promise<Int32Array | undefined> {
  const parts: number[][] = [];
  for (const { slice, end } of slicesOf(text)) {
    parts.push(tokenizer.encode(slice));
    if (!(await port.step("Cutting the text into tokens", end, text.length))) return undefined;
  }
  const ids = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    ids.set(part, at);
    at += part.length;
  }
  return ids;
}

async function pieces(text: string, vocabulary: number, port: TaskPort): Promise<object | undefined> {
  const stop = new AbortController();
  const vocabSize = Math.max(vocabulary, bytes);
  try {
    return await trainByteLevelBpe(text, {
      vocabSize,
      signal: stop.signal,
      onProgress: ({ tokens }) => {
        void port.step("Finding frequent pieces", tokens, vocabSize).then((goesOn) => goesOn || stop.abort());
      },
    });
  } catch (error) {
    if (stop.signal.aborted) return undefined;
    throw error;
  }
}

/** A vocabulary of the most frequent words or characters. */
async function listed(
  text: string,
  { tokens, vocabulary }: Pick<TextSizes, "tokens" | "vocabulary">,
  port: TaskPort,
): Promise<object | undefined> {
  const counts = new Map<string, number>();
  const split = tokens === "words" ? wordsOf : Array.from<string>;
  for (const { slice, end } of slicesOf(text)) {
    for (const token of split(slice)) counts.set(token, (counts.get(token) ?? 0) + 1);
    if (!(await port.step("Counting the tokens", end, text.length))) return undefined;
  }
  counts.delete(unknown);
  const frequent = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, vocabulary - 1);
  return listedJson([unknown, ...frequent.map(([token]) => token)], tokens === "words");
}

function wordsOf(text: string): string[] {
  return text.match(new RegExp(`[${wordCharacters}]+|[^\\s${wordCharacters}]+`, "gu")) ?? [];
}

/** The `tokenizer.json` of a list of words or characters, of which the first is the unknown one. */
function listedJson(tokens: readonly string[], areWords: boolean): object {
  const isolate = (pattern: string) => ({ type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [{ id: 0, content: unknown, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }],
    normalizer: null,
    pre_tokenizer: areWords
      ? { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, isolate(`[${wordCharacters}]+`)] }
      : isolate(String.raw`[\s\S]`),
    post_processor: null,
    decoder: areWords ? null : { type: "Fuse" },
    model: { type: "WordLevel", vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), unk_token: unknown },
  };
}

/** Slices of a text, each ending before a space after a word if there is one, so that no word is cut. */
function* slicesOf(text: string): Generator<{ readonly slice: string; readonly end: number }> {
  let start = 0;
  while (start < text.length) {
    const end = sliceEnd(text, start + sliceLength);
    yield { slice: text.slice(start, end), end };
    start = end;
  }
}

function sliceEnd(text: string, wanted: number): number {
  for (let end = wanted; end < Math.min(text.length, wanted + 1000); end++) if (/\S\s/.test(text.slice(end - 1, end + 1))) return end;
  const isPairCut = /[\uD800-\uDBFF]/.test(text[wanted - 1] ?? "");
  return Math.min(text.length, wanted + Number(isPairCut));
}
