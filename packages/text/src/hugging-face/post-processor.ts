import { refuse, ValueError } from "@tfblocks/tensor-utils";
import { type Stretch, stretch } from "./encoding.js";
import { Fields, integerAt, type Readers, readPart, refusePart } from "./fields.js";

/** Adds special tokens to one text or two. Each text is a list of stretches, as steps of a sequence pass them on. */
export interface PostProcessor {
  /** How many special tokens it adds. */
  readonly added: (isPair: boolean) => number;
  readonly apply: (texts: readonly Text[], addsSpecial: boolean) => readonly Text[];
}

/** A text, or a part of a template, as stretches. */
type Text = readonly Stretch[];

/** The post-processor of a `tokenizer.json`. */
export function readPostProcessor(fields: Fields): PostProcessor {
  return readPart(fields, readers);
}

const readers: Readers<PostProcessor> = {
  BertProcessing: bertProcessing,
  RobertaProcessing: robertaProcessing,
  ByteLevel: byteLevel,
  TemplateProcessing: template,
  Sequence: sequence,
};

const typed = (text: Text, typeId: number): Text => text.map((each) => ({ ...each, typeIds: each.ids.map(() => typeId) }));
/** What stands between new special tokens counts as text, also special tokens of a step before. */
const plain = (text: Text): Text => text.map((each) => ({ ...each, isSpecial: false }));

/** `[CLS] A [SEP]`, and `B [SEP]` of type 1. */
function bertProcessing(fields: Fields): PostProcessor {
  const [cls, sep] = [special(fields, "cls"), special(fields, "sep")];
  return {
    added: (isPair) => (isPair ? 3 : 2),
    apply: (texts, addsSpecial) => {
      if (!addsSpecial) return texts;
      return texts.map((text, at) => (at === 0 ? [...cls(0), ...plain(text), ...sep(0)] : [...plain(text), ...sep(1)]));
    },
  };
}

/** `<s> A </s>`, and `</s> B </s>`, all of type 0. */
function robertaProcessing(fields: Fields): PostProcessor {
  const [cls, sep] = [special(fields, "cls"), special(fields, "sep")];
  fields.boolean("trim_offsets"); // only moves offsets
  fields.boolean("add_prefix_space"); // only moves offsets
  return {
    added: (isPair) => (isPair ? 4 : 2),
    apply: (texts, addsSpecial) => {
      const all = texts.map((text) => typed(text, 0));
      if (!addsSpecial) return all;
      return all.map((text, at) => [...(at === 0 ? cls(0) : sep(0)), ...plain(text), ...sep(0)]);
    },
  };
}

/** A token and its id: `["[SEP]", 102]`. */
function special(fields: Fields, name: string): (typeId: number) => Text {
  const [token, id] = fields.list(name);
  if (typeof token !== "string" || fields.list(name).length !== 2) refusePart(fields.at(name), "a token and its id", fields.raw(name));
  const ids = [integerAt(`${fields.at(name)}[1]`, id, 0, 2 ** 31 - 2)];
  return (typeId) => [stretch(ids, typeId, true)];
}

/** Only moves offsets. */
function byteLevel(fields: Fields): PostProcessor {
  for (const name of ["add_prefix_space", "trim_offsets"]) fields.boolean(name);
  fields.boolean("use_regex", true);
  return { added: () => 0, apply: (texts) => texts };
}

function sequence(fields: Fields): PostProcessor {
  const processors = fields.objects("processors").map(readPostProcessor);
  return {
    added: (isPair) => processors.reduce((sum, { added }) => sum + added(isPair), 0),
    apply: (texts, addsSpecial) => processors.reduce((result, { apply }) => apply(result, addsSpecial), texts),
  };
}

/** A part of a template: a text, by its place, or special tokens. */
interface Slot {
  readonly text?: 0 | 1;
  readonly ids: readonly number[];
  readonly typeId: number;
}

/** The texts and special tokens in the order of a template, one for a single text and one for a pair. */
function template(fields: Fields): PostProcessor {
  const tokens = readTokens(fields);
  const single = readSlots(fields, "single", tokens);
  const pair = readSlots(fields, "pair", tokens);
  if (single.some(({ text }) => text === 1)) refusePart(fields.at("single"), "a template of the text A alone", "one with B");
  return {
    added: (isPair) => (isPair ? pair : single).reduce((sum, { ids }) => sum + ids.length, 0),
    apply: (texts, addsSpecial) => {
      const slots = texts.length === 1 ? single : pair;
      if (texts.length > 2) refuse(ValueError, "Tokenizer.encode", "post_processor", "one template", "a template after another one");
      if (texts.length === 2) checkPair(slots);
      return slots.flatMap(({ text, ids, typeId }) => {
        if (text !== undefined) return [typed(texts[text]!, typeId)];
        return addsSpecial ? [[stretch(ids, typeId, true)]] : [];
      });
    },
  };
}

function checkPair(slots: readonly Slot[]): void {
  if (slots.some(({ text }) => text === 0) && slots.some(({ text }) => text === 1)) return;
  const advice = "its post_processor has no template for a pair; encode each text alone";
  refuse(ValueError, "Tokenizer.encode", "pair", "omitted for this tokenizer", "a text", advice);
}

function readTokens(fields: Fields): ReadonlyMap<string, readonly number[]> {
  const tokens = fields.object("special_tokens");
  return new Map(
    tokens.entries().map(([name, value]) => {
      const token = new Fields(tokens.at(name), value);
      token.string("id");
      const ids = token.list("ids").map((id, at) => integerAt(`${token.at("ids")}[${at}]`, id, 0, 2 ** 31 - 2));
      if (token.list("tokens").length !== ids.length) refusePart(token.at("tokens"), "a token for each id", token.raw("tokens"));
      token.end();
      return [name, ids];
    }),
  );
}

function readSlots(fields: Fields, name: string, tokens: ReadonlyMap<string, readonly number[]>): Slot[] {
  return fields.objects(name).map((piece) => {
    const kind = piece.raw("Sequence") === undefined ? "SpecialToken" : "Sequence";
    const content = piece.object(kind);
    const typeId = content.integer("type_id");
    const slot: Slot =
      kind === "Sequence"
        ? { text: content.choice("id", ["A", "B"]) === "A" ? 0 : 1, ids: [], typeId }
        : { ids: tokens.get(content.string("id")) ?? refusePart(content.at("id"), "one of special_tokens", content.raw("id")), typeId };
    content.end();
    piece.end();
    return slot;
  });
}
