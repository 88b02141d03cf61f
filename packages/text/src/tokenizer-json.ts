import { byteAlphabet } from "./byte-alphabet.js";

/** A byte-level BPE tokenizer in the `tokenizer.json` format of Hugging Face; write it with `JSON.stringify`. */
export interface ByteLevelBpeJson {
  readonly version: "1.0";
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly {
    readonly id: number;
    readonly content: string;
    readonly single_word: boolean;
    readonly lstrip: boolean;
    readonly rstrip: boolean;
    readonly normalized: boolean;
    readonly special: boolean;
  }[];
  readonly normalizer: null;
  readonly pre_tokenizer: ByteLevelJson;
  readonly post_processor: null;
  readonly decoder: ByteLevelJson;
  readonly model: {
    readonly type: "BPE";
    readonly dropout: null;
    readonly unk_token: null;
    readonly continuing_subword_prefix: null;
    readonly end_of_word_suffix: null;
    readonly fuse_unk: boolean;
    readonly byte_fallback: boolean;
    readonly ignore_merges: boolean;
    /** Token to id: special tokens, then the 256 bytes, then the tokens of the merges. */
    readonly vocab: Readonly<Record<string, number>>;
    /** The merges in order, each `"first second"`. */
    readonly merges: readonly string[];
  };
}

interface ByteLevelJson {
  readonly type: "ByteLevel";
  readonly add_prefix_space: boolean;
  readonly trim_offsets: boolean;
  readonly use_regex: boolean;
}

const byteLevel: ByteLevelJson = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };

/** The tokens before any merge: special tokens, then a character for each byte in the order of code points. */
export function initialTokens(specialTokens: readonly string[]): string[] {
  return [...specialTokens, ...byteAlphabet.toSorted((a, b) => a.charCodeAt(0) - b.charCodeAt(0))];
}

/** The `tokenizer.json` of a vocabulary and its merges. */
export function byteLevelBpeJson(tokens: readonly string[], merges: readonly string[], specialTokens: readonly string[]): ByteLevelBpeJson {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}
