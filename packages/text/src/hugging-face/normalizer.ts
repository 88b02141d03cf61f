import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { spelledBytes } from "../byte-alphabet.js";
import { bertNormalizer } from "./bert-normalizer.js";
import { type Fields, type Readers, readPart } from "./fields.js";
import { type Match, matchesOf, replaced } from "./matches.js";
import { readPattern } from "./read-pattern.js";
import { precompiled } from "./precompiled.js";
import { lowercase, type Step } from "./step.js";
import { mark, normalForm, over, space } from "./unicode.js";

/** The steps of the normalizer of a `tokenizer.json`. */
export function readNormalizer(fields: Fields): Step[] {
  return readPart(fields, readers);
}

const form = (name: "NFC" | "NFD" | "NFKC" | "NFKD") => (): Step[] => [{ apply: (text) => normalForm(text, name) }];

const marks = over(mark);

const readers: Readers<Step[]> = {
  BertNormalizer: bertNormalizer,
  Strip: strip,
  StripAccents: () => [{ apply: (text) => text.replace(marks, "") }],
  NFC: form("NFC"),
  NFD: form("NFD"),
  NFKC: form("NFKC"),
  NFKD: form("NFKD"),
  Sequence: (fields) => fields.objects("normalizers").flatMap(readNormalizer),
  Lowercase: () => [{ apply: lowercase }],
  Nmt: () => [{ apply: (text) => text.replace(nmtRemoved, "").replace(nmtSpaces, " ") }],
  Precompiled: precompiled,
  Replace: replace,
  Prepend: prepend,
  ByteLevel: () => [{ apply: (text) => spelledBytes(text).join("") }],
};

/** Control characters and spaces as the Neural Machine Translation normalizer of SentencePiece has them. */
const nmtRemoved = over("[\\u{1}-\\u{8}\\u{b}\\u{e}-\\u{1f}\\u{7f}\\u{8f}\\u{9f}]");
const nmtSpaces = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g;

const leftSpaces = over(`^${space}+`, "v");
const rightSpaces = over(`(?<!${space})${space}+$`, "v");

function strip(fields: Fields): Step[] {
  const left = fields.boolean("strip_left");
  const right = fields.boolean("strip_right");
  const stripLeft = (text: string) => (left ? text.replace(leftSpaces, "") : text);
  return [
    {
      apply: (text) => (right ? stripLeft(text).replace(rightSpaces, "") : stripLeft(text)),
      lead: (text, lead) => Math.min(Math.max(0, lead - (text.length - stripLeft(text).length)), text.length),
    },
  ];
}

function replace(fields: Fields): Step[] {
  const pattern = readPattern(fields, "pattern");
  const content = fields.string("content");
  const matches = (text: string): Match[] => withoutEmpty(fields.at("pattern"), matchesOf(pattern, text));
  return [
    {
      apply: (text) => replaced(text, matches(text), content),
      lead: (text, lead) => {
        let length = 0;
        for (const { start, end, isMatch } of matches(text)) {
          if (!isMatch) length += Math.max(0, Math.min(end, lead) - start);
          else if (end <= lead) length += content.length; // replaced text counts as its last character
        }
        return length;
      },
    },
  ];
}

/** Refuses empty matches: the library loses its place in the text there. */
function withoutEmpty(path: string, matches: Match[]): Match[] {
  const empty = matches.find(({ start, end }) => start === end);
  if (empty === undefined) return matches;
  return refuse(ValueError, "Tokenizer.encode", path, "a pattern that matches characters", `an empty match at ${empty.start}`);
}

function prepend(fields: Fields): Step[] {
  const prefix = fields.string("prepend");
  return [
    {
      apply: (text) => (text === "" ? text : prefix + text),
      lead: (_text, lead) => (lead === 0 ? 0 : lead + prefix.length),
    },
  ];
}
