import { checkInteger, checkOptions, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Encoding } from "./encoding.js";
import { Fields } from "./fields.js";
import { oneOf } from "./truncation.js";

/** How encodings are filled up to one length. */
export interface PaddingOptions {
  /** The token that fills up, for example "[PAD]". */
  readonly token: string;
  /** The least length of an encoding; default that of the longest one of a batch. */
  readonly length?: number | undefined;
  /** Rounds the length up to a multiple; default none. */
  readonly multipleOf?: number | undefined;
  /** The side that is filled up; default `"right"`. */
  readonly direction?: "left" | "right" | undefined;
  /** The type of the tokens that fill up; default 0. */
  readonly typeId?: number | undefined;
}

/** Padding with its defaults, and the id of its token. */
export interface Padding {
  readonly id: number;
  readonly typeId: number;
  readonly length: number | undefined;
  readonly multipleOf: number;
  readonly isLeft: boolean;
}

/** The padding that options ask for. @throws ValueError when one is invalid */
export function paddingOf(options: PaddingOptions, idOf: (token: string) => number | undefined): Padding {
  const names = { token: true, length: true, multipleOf: true, direction: true, typeId: true };
  const checked = checkOptions("loadTokenizer", options, names, "padding option");
  const { token, length, multipleOf = 1, direction = "right", typeId = 0 } = checked;
  if (length !== undefined) checkInteger("loadTokenizer", "padding.length", length, 1);
  checkInteger("loadTokenizer", "padding.multipleOf", multipleOf, 1);
  checkInteger("loadTokenizer", "padding.typeId", typeId, 0);
  const isLeft = oneOf("padding.direction", direction, ["right", "left"]) === "left";
  const id = idOf(token) ?? refuse(ValueError, "loadTokenizer", "padding.token", "a token of the file", describeValue(token));
  return { id, typeId, length, multipleOf, isLeft };
}

/** The `padding` of a `tokenizer.json`. */
export function readPadding(fields: Fields): Padding {
  const strategy = fields.raw("strategy");
  fields.string("pad_token"); // the id says which token it is
  const padding = {
    id: fields.integer("pad_id"),
    typeId: fields.integer("pad_type_id"),
    length: strategy === "BatchLongest" ? undefined : fixedLength(fields, strategy),
    multipleOf: fields.raw("pad_to_multiple_of") === undefined ? 1 : Math.max(1, fields.integer("pad_to_multiple_of")),
    isLeft: fields.choice("direction", ["Left", "Right"]) === "Left",
  };
  fields.end();
  return padding;
}

function fixedLength(fields: Fields, strategy: unknown): number {
  const fixed = new Fields(fields.at("strategy"), strategy);
  const length = fixed.integer("Fixed");
  fixed.end();
  return length;
}

/** The encodings, filled up to the padding's length or to that of the longest one. */
export function padded(encodings: readonly Encoding[], padding: Padding): Encoding[] {
  const { length = Math.max(0, ...encodings.map(({ ids }) => ids.length)), multipleOf } = padding;
  const target = Math.ceil(length / multipleOf) * multipleOf;
  return encodings.map((encoding) => filled(encoding, target - encoding.ids.length, padding));
}

function filled(encoding: Encoding, count: number, { id, typeId, isLeft }: Padding): Encoding {
  if (count <= 0) return encoding;
  const fill = (values: readonly number[], value: number) => {
    const filling = Array.from({ length: count }, () => value);
    return isLeft ? [...filling, ...values] : [...values, ...filling];
  };
  return {
    ids: fill(encoding.ids, id),
    typeIds: fill(encoding.typeIds, typeId),
    attentionMask: fill(encoding.attentionMask, 0),
    specialTokensMask: fill(encoding.specialTokensMask, 1),
  };
}
