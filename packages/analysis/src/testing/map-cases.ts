import fc from "fast-check";
import { type AttentionMaps, attentionMaps } from "../maps/attention-maps.js";
import type { MapShape } from "../maps/allowed-keys.js";
import type { ExtraKey } from "../maps/extra-keys.js";

/** Attention maps and their mask, drawn at random; each row sums to 1 over its allowed keys and extra keys. */
export interface Case {
  readonly shape: MapShape;
  readonly maskHeads: number;
  readonly extraKeys: readonly ExtraKey[];
  readonly weights: Float64Array;
  /** `[batch, heads, queryLength, extraKeys]` */
  readonly extraWeights: Float64Array;
  readonly allowed: Uint8Array;
  readonly queryKeep: Uint8Array;
}

export const cases: fc.Arbitrary<Case> = fc
  .record({
    batch: size(1, 2),
    heads: size(1, 4),
    queryLength: size(0, 6),
    keyLength: size(1, 6),
    maskPerHead: fc.boolean(),
    extraKeys: fc.subarray<ExtraKey>(["learnedKey", "sink"]),
  })
  .chain(({ batch, heads, queryLength, keyLength, maskPerHead, extraKeys }) => {
    const maskHeads = maskPerHead ? heads : 1;
    return fc.record({
      shape: fc.constant<MapShape>([batch, heads, queryLength, keyLength]),
      maskHeads: fc.constant(maskHeads),
      extraKeys: fc.constant(extraKeys),
      raw: numbers(batch * heads * queryLength * keyLength),
      rawExtra: numbers(batch * heads * queryLength * extraKeys.length),
      allowed: flags(batch * maskHeads * queryLength * keyLength),
      queryKeep: flags(batch * queryLength),
    });
  })
  .map(({ raw, rawExtra, ...others }): Case => ({ ...others, ...normalised(raw, rawExtra, others) }));

function size(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max });
}

function numbers(length: number): fc.Arbitrary<number[]> {
  return fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-4, max: 1, noNaN: true })), { minLength: length, maxLength: length });
}

function flags(length: number): fc.Arbitrary<Uint8Array> {
  const flag = fc.constantFrom(0, 1, 1, 1);
  return fc.array(flag, { minLength: length, maxLength: length }).map((values) => Uint8Array.from(values));
}

/** The maps of a case, whose first query is at a position. */
export function mapsOf(sample: Case, queryOffset = 0): AttentionMaps {
  const { shape, maskHeads, allowed, queryKeep, extraKeys } = sample;
  const [batch, heads, queryLength, keyLength] = shape;
  const [sink, learnedKey] = [extraKeys.includes("sink"), extraKeys.includes("learnedKey")];
  const mask = { data: allowed, shape: [batch, maskHeads, queryLength, keyLength] as const };
  const sizes = [batch, heads, queryLength, keyLength + Number(learnedKey)] as const;
  return attentionMaps(learnedKey ? withLearnedColumn(sample) : sample.weights, sizes, { mask, queryKeep, queryOffset, sink, learnedKey });
}

function withLearnedColumn({ shape, weights, extraKeys, extraWeights }: Case): Float64Array {
  const keyLength = shape[3];
  const rows = weights.length / keyLength;
  const row = (index: number) => [...weights.subarray(index * keyLength, (index + 1) * keyLength), extraWeights[index * extraKeys.length]!];
  return Float64Array.from(Array.from({ length: rows }, (_, index) => row(index)).flat());
}

type Layout = Pick<Case, "shape" | "maskHeads" | "allowed" | "extraKeys">;

function isAllowed({ shape, maskHeads, allowed }: Layout, cell: number): boolean {
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

/** Weights with each row divided by its sum over the allowed keys and extra keys; uniform where that sum is 0. */
function normalised(raw: ArrayLike<number>, rawExtra: ArrayLike<number>, sample: Layout): Pick<Case, "weights" | "extraWeights"> {
  const [keyLength, extras] = [sample.shape[3], sample.extraKeys.length];
  const [weights, extraWeights] = [Float64Array.from(raw), Float64Array.from(rawExtra)];
  for (let row = 0; row < weights.length / keyLength; row++) {
    const cells = Array.from({ length: keyLength }, (_, key) => row * keyLength + key);
    for (const cell of cells) if (!isAllowed(sample, cell)) weights[cell] = 0;
    const open = cells.filter((cell) => isAllowed(sample, cell));
    const extra = Array.from({ length: extras }, (_, index) => row * extras + index);
    const sum = open.reduce((total, cell) => total + weights[cell]!, 0) + extra.reduce((total, cell) => total + extraWeights[cell]!, 0);
    const share = (weight: number) => (sum === 0 ? 1 / (open.length + extras) : weight / sum);
    for (const cell of open) weights[cell] = share(weights[cell]!);
    for (const cell of extra) extraWeights[cell] = share(extraWeights[cell]!);
  }
  return { weights, extraWeights };
}

/** The case with equal attention to every allowed key and extra key. */
export function uniform(sample: Case): Case {
  const ones = (values: Float64Array) => values.map(() => 1);
  return { ...sample, ...normalised(ones(sample.weights), ones(sample.extraWeights), sample) };
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
  const extraWeights = mapBlocks(sample.extraWeights, heads, queryLength * sample.extraKeys.length, source);
  return { ...sample, allowed, weights: mapBlocks(sample.weights, heads, area, source), extraWeights };
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
export function oneSequence(sample: Case, batch: number): Case {
  const { shape, maskHeads, weights, allowed, queryKeep, extraKeys, extraWeights } = sample;
  const [, heads, queryLength, keyLength] = shape;
  const part = <Kind extends Float64Array | Uint8Array>(data: Kind, length: number) =>
    data.slice(batch * length, (batch + 1) * length) as Kind;
  return {
    shape: [1, heads, queryLength, keyLength],
    maskHeads,
    extraKeys,
    extraWeights: part(extraWeights, heads * queryLength * extraKeys.length),
    weights: part(weights, heads * queryLength * keyLength),
    allowed: part(allowed, maskHeads * queryLength * keyLength),
    queryKeep: part(queryKeep, queryLength),
  };
}

/** Consecutive queries of a case as a case, from one index to another. */
export function someQueries(sample: Case, from: number, to: number): Case {
  const { shape, weights, allowed, queryKeep, extraKeys, extraWeights } = sample;
  const [batch, heads, queryLength, keyLength] = shape;
  const part = <Kind extends Float64Array | Uint8Array>(data: Kind, perQuery: number) =>
    data.filter((_, cell) => {
      const query = Math.floor(cell / perQuery) % queryLength;
      return query >= from && query < to;
    }) as Kind;
  return {
    ...sample,
    shape: [batch, heads, to - from, keyLength],
    weights: part(weights, keyLength),
    allowed: part(allowed, keyLength),
    queryKeep: part(queryKeep, 1),
    extraWeights: part(extraWeights, extraKeys.length),
  };
}
