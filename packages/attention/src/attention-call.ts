import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import { checkFinite, checkInteger, checkPositive, checkRate, checkShapes, dropoutSeed, refuse, ShapeError } from "@tfblocks/tensor-utils";
import { type AttentionOptions, attentionOptionNames, checkCallOptions } from "./attention-options.js";
import type { Cells } from "./resolve-mask.js";
import { Taps } from "./taps.js";

/** Keys and values, of whose rows only `keyRows` may be read; default all. */
export interface KeysAndValues {
  readonly key: Tensor;
  readonly value: Tensor;
  readonly keyRows?: readonly [start: number, end: number] | undefined;
  /** How many keys have followed since, where a captured step is repeated. */
  readonly grown?: (() => number) | undefined;
}

/** A checked attention call with every default filled in: the input of both implementations. */
export interface AttentionCall {
  /** The public name of the operation, for errors. */
  readonly operation: string;
  readonly query: Tensor4D;
  readonly key: Tensor4D;
  readonly value: Tensor4D;
  /** Undefined when every row of key and value is one. */
  readonly keyRows: readonly [start: number, end: number] | undefined;
  readonly grown: (() => number) | undefined;
  readonly mask: Mask | Tensor | undefined;
  readonly bias: Tensor | undefined;
  readonly sink: Tensor | undefined;
  readonly cells: Cells;
  readonly scale: number;
  readonly softcap: number | undefined;
  /** Undefined when dropout does not apply. */
  readonly dropout: { readonly rate: number; readonly seed: number } | undefined;
  readonly needWeights: boolean;
  readonly averageWeights: boolean;
  readonly needLogSumExp: boolean;
  /** Undefined when no stage was requested. */
  readonly taps: Taps | undefined;
}

/** @throws ShapeError, DTypeError, DisposedError, ValueError as documented for the public operation */
export function checkCall(operation: string, query: Tensor, keysValues: KeysAndValues, options: AttentionOptions): AttentionCall {
  checkCallOptions(operation, options, attentionOptionNames);
  const { key, value, keyRows, grown } = keysValues;
  const {
    batch,
    heads,
    kvHeads,
    queryLength,
    keyLength: rows,
    headDim,
  } = checkShapes(operation, {
    query: [query, "batch heads queryLength headDim"],
    key: [key, "batch kvHeads keyLength headDim"],
    value: [value, "batch kvHeads keyLength valueDim"],
  });
  checkHeads(operation, query, heads);
  checkGroups(operation, heads, kvHeads, key);
  const { mask, bias, sink, softcap, scale = 1 / Math.sqrt(headDim || 1), queryOffset = 0, keyOffset = 0, taps, dropout = 0 } = options;
  const { needWeights = false, averageWeights = false, needLogSumExp = false } = options;
  checkFinite(operation, "scale", scale);
  if (softcap !== undefined) checkPositive(operation, "softcap", softcap);
  checkRate(operation, "dropout", dropout);
  const seed = dropoutSeed(operation, dropout, options);
  checkInteger(operation, "queryOffset", queryOffset, 0);
  checkInteger(operation, "keyOffset", keyOffset, 0);
  if (sink !== undefined) checkShapes(operation, { sink: [sink, "heads"] }, { heads: [heads, "query"] });
  return {
    operation,
    query: query as Tensor4D,
    key: key as Tensor4D,
    value: value as Tensor4D,
    keyRows,
    grown,
    mask,
    bias,
    sink,
    cells: { batch, heads, queryLength, keyLength: keyRows === undefined ? rows : keyRows[1] - keyRows[0], queryOffset, keyOffset },
    scale,
    softcap,
    dropout: seed === undefined ? undefined : { rate: dropout, seed },
    needWeights,
    averageWeights,
    needLogSumExp,
    taps: taps === undefined ? undefined : new Taps(operation, taps, heads),
  };
}

function checkHeads(operation: string, query: Tensor, heads: number): void {
  if (heads > 0) return;
  refuse(ShapeError, operation, "query", "[batch, heads, queryLength, headDim] with heads >= 1", `[${query.shape.join(", ")}]`);
}

function checkGroups(operation: string, heads: number, kvHeads: number, key: Tensor): void {
  if (kvHeads > 0 && heads % kvHeads === 0) return;
  const expected = `[batch, kvHeads, keyLength, headDim] with kvHeads a divisor of heads = ${heads} (from query)`;
  refuse(ShapeError, operation, "key", expected, `[${key.shape.join(", ")}]`);
}
