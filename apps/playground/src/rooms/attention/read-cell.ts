import type { Cell } from "../../ui/heat-map.js";
import type { AttentionPicture } from "./picture.js";
import type { DrawnStage } from "./view.js";

/** The values of one head at a stage, `[queryLength, keyLength]`; a view, not a copy. */
export function headValues({ stages, queryTokens, keyTokens }: AttentionPicture, stage: DrawnStage, head: number): Float32Array {
  const cells = queryTokens.length * keyTokens.length;
  return stages[stage].subarray(head * cells, (head + 1) * cells);
}

/** The values of one query at a stage, `[keyLength]`. */
export function rowValues(picture: AttentionPicture, stage: DrawnStage, head: number, query: number): Float32Array {
  const columns = picture.keyTokens.length;
  return headValues(picture, stage, head).subarray(query * columns, (query + 1) * columns);
}

/** All numbers of one cell of one head. */
export interface CellReading {
  readonly queryToken: string;
  readonly keyToken: string;
  readonly raw: number;
  readonly scaled: number;
  /** The input of the softmax: the scaled score, plus the bias if the model has one. */
  readonly score: number;
  readonly weight: number;
  readonly allowed: boolean;
  /** 1 = the strongest key of the row. */
  readonly rank: number;
  /** Number of keys that the query may attend to. */
  readonly allowedKeys: number;
}

/** Reads one cell of one head. */
export function readCell(picture: AttentionPicture, head: number, { query, key }: Cell): CellReading {
  const columns = picture.keyTokens.length;
  const allowed = picture.allowed.subarray(query * columns, (query + 1) * columns);
  const weights = rowValues(picture, "probabilities", head, query);
  const weight = weights[key]!;
  return {
    queryToken: picture.queryTokens[query]!,
    keyToken: picture.keyTokens[key]!,
    raw: rowValues(picture, "raw", head, query)[key]!,
    scaled: rowValues(picture, "scaled", head, query)[key]!,
    score: rowValues(picture, "masked", head, query)[key]!,
    weight,
    allowed: allowed[key] === 1,
    rank: 1 + weights.filter((other, index) => allowed[index] === 1 && other > weight).length,
    allowedKeys: allowed.filter((open) => open === 1).length,
  };
}

/** A key with its weight. */
export interface RankedKey {
  readonly key: number;
  readonly weight: number;
}

/** The strongest allowed keys of a query, strongest first; among equal weights, the earlier key first. */
export function topKeys(picture: AttentionPicture, head: number, query: number, count: number): RankedKey[] {
  const weights = rowValues(picture, "probabilities", head, query);
  const first = query * weights.length;
  const top: RankedKey[] = [];
  for (let key = 0; key < weights.length; key++) {
    const weight = weights[key]!;
    if (picture.allowed[first + key] === 0 || (top.length === count && weight <= top.at(-1)!.weight)) continue;
    const place = top.findIndex((other) => other.weight < weight);
    top.splice(place < 0 ? top.length : place, 0, { key, weight });
    top.length = Math.min(top.length, count);
  }
  return top;
}

/** One head's part of one token's vector, `[headDim]`, from vectors `[length, heads × headDim]`. */
export function headVector({ heads, headDim }: AttentionPicture, vectors: Float32Array, token: number, head: number): Float32Array {
  const start = (token * heads + head) * headDim;
  return vectors.subarray(start, start + headDim);
}
