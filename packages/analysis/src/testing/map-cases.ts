import fc from "fast-check";
import { type AttentionMaps, attentionMaps } from "../maps/attention-maps.js";
import type { MapShape } from "../maps/allowed-keys.js";

/** Attention maps and their mask, drawn at random; each row sums to 1 over its allowed keys. */
export interface Case {
  readonly shape: MapShape;
  readonly maskHeads: number;
  readonly weights: Float64Array;
  readonly allowed: Uint8Array;
  readonly queryKeep: Uint8Array;
}

export const cases: fc.Arbitrary<Case> = fc
  .record({ batch: size(1, 2), heads: size(1, 4), queryLength: size(0, 6), keyLength: size(1, 6), maskPerHead: fc.boolean() })
  .chain(({ batch, heads, queryLength, keyLength, maskPerHead }) => {
    const maskHeads = maskPerHead ? heads : 1;
    return fc.record({
      shape: fc.constant<MapShape>([batch, heads, queryLength, keyLength]),
      maskHeads: fc.constant(maskHeads),
      raw: numbers(batch * heads * queryLength * keyLength),
      allowed: flags(batch * maskHeads * queryLength * keyLength),
      queryKeep: flags(batch * queryLength),
    });
  })
  .map(({ raw, ...others }): Case => ({ ...others, weights: normalised(raw, others) }));

function size(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max });
}

function numbers(length: number): fc.Arbitrary<number[]> {
  return fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: length, maxLength: length });
}

function flags(length: number): fc.Arbitrary<Uint8Array> {
  const flag = fc.constantFrom(0, 1, 1, 1);
  return fc.array(flag, { minLength: length, maxLength: length }).map((values) => Uint8Array.from(values));
}

/** The maps of a case. */
export function mapsOf({ shape, maskHeads, weights, allowed, queryKeep }: Case): AttentionMaps {
  const [batch, , queryLength, keyLength] = shape;
  return attentionMaps(weights, shape, { mask: { data: allowed, shape: [batch, maskHeads, queryLength, keyLength] }, queryKeep });
}

function isAllowed({ shape, maskHeads, allowed }: Omit<Case, "weights">, cell: number): boolean {
  const [, heads, queryLength, keyLength] = shape;
  const area = queryLength * keyLength;
  const map = Math.floor(cell / area);
  const maskMap = Math.floor(map / heads) * maskHeads + (maskHeads === 1 ? 0 : map % heads);
  return allowed[maskMap * area + (cell % area)] === 1;
}

/** Whether the mask and `queryKeep` allow a cell to be read. */
export function isRead(sample: Case, cell: number): boolean {
  const [, heads, queryLength, keyLength] = sample.shape;
  const row = Math.floor(cell / keyLength);
  return isAllowed(sample, cell) && sample.queryKeep[Math.floor(row / (heads * queryLength)) * queryLength + (row % queryLength)] === 1;
}

/** Weights with each row divided by its sum over the allowed keys; uniform where that sum is 0. */
export function normalised(raw: ArrayLike<number>, sample: Omit<Case, "weights">): Float64Array {
  const keyLength = sample.shape[3];
  const weights = Float64Array.from(raw);
  for (let start = 0; start < weights.length; start += keyLength) {
    const cells = Array.from({ length: keyLength }, (_, key) => start + key).filter((cell) => isAllowed(sample, cell));
    const sum = cells.reduce((total, cell) => total + weights[cell]!, 0);
    for (const cell of cells) weights[cell] = sum === 0 ? 1 / cells.length : weights[cell]! / sum;
  }
  return weights;
}

function mapBlocks<Kind extends Float64Array | Uint8Array>(
  data: Kind,
  heads: number,
  area: number,
  source: (head: number) => number,
): Kind {
  const copy = data.slice() as Kind;
  const maps = area === 0 ? 0 : data.length / area;
  for (let map = 0; map < maps; map++) {
    const from = map - (map % heads) + source(map % heads);
    copy.set(data.subarray(from * area, (from + 1) * area), map * area);
  }
  return copy;
}

function withHeads(sample: Case, source: (head: number) => number): Case {
  const [, heads, queryLength, keyLength] = sample.shape;
  const area = queryLength * keyLength;
  const allowed = sample.maskHeads === 1 ? sample.allowed : mapBlocks(sample.allowed, heads, area, source);
  return { ...sample, allowed, weights: mapBlocks(sample.weights, heads, area, source) };
}

/** The case with its heads in reverse order. */
export function reverseHeads(sample: Case): Case {
  return withHeads(sample, (head) => sample.shape[1] - 1 - head);
}

/** The case with every head equal to the first. */
export function repeatFirstHead(sample: Case): Case {
  return withHeads(sample, () => 0);
}

/** One sequence of a batch as a case. */
export function oneSequence({ shape, maskHeads, weights, allowed, queryKeep }: Case, batch: number): Case {
  const [, heads, queryLength, keyLength] = shape;
  const part = <Kind extends Float64Array | Uint8Array>(data: Kind, length: number) =>
    data.slice(batch * length, (batch + 1) * length) as Kind;
  return {
    shape: [1, heads, queryLength, keyLength],
    maskHeads,
    weights: part(weights, heads * queryLength * keyLength),
    allowed: part(allowed, maskHeads * queryLength * keyLength),
    queryKeep: part(queryKeep, queryLength),
  };
}
