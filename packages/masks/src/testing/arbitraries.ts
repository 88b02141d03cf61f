import { tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import fc, { type Arbitrary } from "fast-check";
import * as masks from "../index.js";

/** A mask, the cells to check, and the expected value of each cell, written like the definition. */
export interface Case {
  readonly mask: masks.Mask;
  readonly sizes: Required<masks.MaskSizes>;
  readonly oracle: (batch: number, head: number, query: number, key: number) => boolean;
}

/** Lengths 0 to 9 at offsets 0 to 4, for 1 to 3 batch elements and 1 or 2 heads. */
const sizesArbitrary: Arbitrary<Required<masks.MaskSizes>> = fc.record({
  queryLength: fc.nat(9),
  keyLength: fc.nat(9),
  batch: fc.integer({ min: 1, max: 3 }),
  heads: fc.integer({ min: 1, max: 2 }),
  queryOffset: fc.nat(4),
  keyOffset: fc.nat(4),
});

const positions = 13; // the sizes stay below

/** One arbitrary for each atom, by the name of its builder. */
export const atoms: Record<string, (sizes: Required<masks.MaskSizes>) => Arbitrary<Omit<Case, "sizes">>> = {
  full: () => fc.constant({ mask: masks.full(), oracle: () => true }),
  none: () => fc.constant({ mask: masks.none(), oracle: () => false }),
  causal: () =>
    fc
      .integer({ min: -3, max: 3 })
      .map((offset) => ({ mask: masks.causal({ offset }), oracle: (_b, _h, query, key) => key <= query + offset })),
  "padding by lengths": ({ batch, keyOffset, keyLength }) =>
    rows(batch, fc.nat(keyOffset + keyLength)).map((lengths) => ({
      mask: masks.padding({ lengths }),
      oracle: (b, _h, _q, key) => key < pick(lengths, b),
    })),
  "padding by keep": ({ batch }) =>
    rows(batch, fc.array(fc.boolean(), { minLength: positions, maxLength: positions })).map((keep) => ({
      mask: masks.padding({ keep }),
      oracle: (b, _h, _q, key) => pick(keep, b)[key]!,
    })),
  slidingWindow: () =>
    fc.record({ left: distance(), right: distance() }).map(({ left, right }) => ({
      mask: masks.slidingWindow({ left, right }),
      oracle: (_b, _h, query, key) => (key <= query ? query - key <= left : key - query <= right),
    })),
  lastN: () =>
    fc.integer({ min: 1, max: 6 }).map((n) => ({ mask: masks.lastN(n), oracle: (_b, _h, query, key) => key <= query && query - key < n })),
  prefixLM: ({ batch }) =>
    rows(batch, fc.nat(10)).map((prefix) => ({
      mask: masks.prefixLM(prefix.length === 1 ? prefix[0]! : prefix),
      oracle: (b, _h, query, key) => (query < pick(prefix, b) && key < pick(prefix, b)) || key <= query,
    })),
  packed: ({ batch }) =>
    rows(batch, fc.array(fc.nat(5), { maxLength: 5 })).map((lengths) => {
      const ids = lengths.map((row) => row.flatMap((length, document) => Array<number>(length).fill(document)));
      return {
        mask: masks.packed(lengths),
        oracle: (b, _h, query, key) => pick(ids, b)[query] !== undefined && pick(ids, b)[query] === pick(ids, b)[key],
      };
    }),
  documents: ({ batch }) =>
    rows(batch, fc.array(fc.nat(2), { minLength: positions, maxLength: positions })).map((ids) => ({
      mask: masks.documents(ids),
      oracle: (b, _h, query, key) => pick(ids, b)[query] === pick(ids, b)[key],
    })),
  chunked: () =>
    fc
      .integer({ min: 1, max: 5 })
      .map((size) => ({ mask: masks.chunked(size), oracle: (_b, _h, query, key) => Math.floor(query / size) === Math.floor(key / size) })),
  blockPattern: () =>
    fc
      .record({
        blockSize: fc.record({ query: fc.integer({ min: 1, max: 5 }), key: fc.integer({ min: 1, max: 5 }) }),
        pattern: fc.array(fc.array(fc.boolean(), { minLength: positions, maxLength: positions }), {
          minLength: positions,
          maxLength: positions,
        }),
      })
      .map(({ blockSize, pattern }) => ({
        mask: masks.blockPattern({ blockSize, pattern }),
        oracle: (_b, _h, query, key) => pattern[Math.floor(query / blockSize.query)]![Math.floor(key / blockSize.key)]!,
      })),
  fromTensor: (sizes) =>
    tensorCells(sizes, fc.nat(1)).map(({ shape, values, read }) => ({
      mask: withTensor(values, shape, (t) => masks.fromTensor(t, { kind: "keep" })),
      oracle: (b, h, query, key) => read(b, h, query, key) === 1,
    })),
};

/** A mask of one atom. */
export function atomArbitrary(name: string): Arbitrary<Case> {
  return sizesArbitrary.chain((sizes) => atoms[name]!(sizes).map((atom) => ({ ...atom, sizes })));
}

/** A mask of atoms combined by and, or and not, up to three levels deep. */
export const compositionArbitrary: Arbitrary<Case> = sizesArbitrary.chain((sizes) =>
  composition(sizes, 3).map((mask) => ({ ...mask, sizes })),
);

/** Two masks for the same cells. */
export const pairArbitrary: Arbitrary<{ readonly a: masks.Mask; readonly b: masks.Mask; readonly sizes: Required<masks.MaskSizes> }> =
  sizesArbitrary.chain((sizes) =>
    fc.record({
      a: composition(sizes, 2).map(({ mask }) => mask),
      b: composition(sizes, 2).map(({ mask }) => mask),
      sizes: fc.constant(sizes),
    }),
  );

/** An additive tensor with -Infinity in it, and its values by absolute position. */
export const additiveArbitrary: Arbitrary<{
  readonly mask: masks.Mask;
  readonly sizes: Required<masks.MaskSizes>;
  readonly read: (b: number, h: number, q: number, k: number) => number;
}> = sizesArbitrary.chain((sizes) =>
  tensorCells(sizes, fc.constantFrom(-Infinity, -1e9, -0.5, 0, 3)).map(({ shape, values, read }) => ({
    mask: withTensor(values, shape, (t) => masks.fromTensor(t, { kind: "additive" })),
    sizes,
    read: (b, h, q, k) => Math.fround(read(b, h, q, k)),
  })),
);

/** Every cell of the sizes in row-major order, with the batch and heads of the mask. */
export function cellsOf(mask: masks.Mask, sizes: masks.MaskSizes): [batch: number, head: number, query: number, key: number][] {
  const { queryLength, keyLength, queryOffset = 0, keyOffset = 0 } = sizes;
  const cells: [number, number, number, number][] = [];
  for (let batch = 0; batch < mask.batch; batch++) {
    for (let head = 0; head < mask.heads; head++) {
      for (let query = 0; query < queryLength; query++) {
        for (let key = 0; key < keyLength; key++) cells.push([batch, head, query + queryOffset, key + keyOffset]);
      }
    }
  }
  return cells;
}

/** The cells of the dense tensor, which is disposed. */
export function denseOf(mask: masks.Mask, sizes: masks.MaskSizes): number[] {
  return release(mask.dense(sizes));
}

/** A tensor's values; the tensor is disposed. */
export function release(owned: Tensor4D): number[] {
  const values = Array.from(owned.dataSync());
  owned.dispose();
  return values;
}

function composition(sizes: Required<masks.MaskSizes>, depth: number): Arbitrary<Omit<Case, "sizes">> {
  const atom = fc.constantFrom(...Object.values(atoms)).chain((make) => make(sizes));
  if (depth === 0) return atom;
  const parts = fc.array(composition(sizes, depth - 1), { maxLength: 3 });
  return fc.oneof<Arbitrary<Omit<Case, "sizes">>[]>(
    atom,
    parts.map((all) => ({
      mask: masks.and(...all.map(({ mask }) => mask)),
      oracle: (b, h, q, k) => all.every(({ oracle }) => oracle(b, h, q, k)),
    })),
    parts.map((all) => ({
      mask: masks.or(...all.map(({ mask }) => mask)),
      oracle: (b, h, q, k) => all.some(({ oracle }) => oracle(b, h, q, k)),
    })),
    composition(sizes, depth - 1).map(({ mask, oracle }) => ({ mask: masks.not(mask), oracle: (b, h, q, k) => !oracle(b, h, q, k) })),
  );
}

function tensorCells(sizes: Required<masks.MaskSizes>, value: Arbitrary<number>) {
  const axis = (full: number) => fc.constantFrom(1, full);
  return fc.tuple(axis(sizes.batch), axis(sizes.heads), axis(positions), axis(positions)).chain((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const read = (values: number[], index: number[]) =>
      values[index.reduce((flat, position, i) => flat * shape[i]! + (shape[i] === 1 ? 0 : position), 0)]!;
    return fc
      .array(value, { minLength: size, maxLength: size })
      .map((values) => ({ shape, values, read: (...index: [number, number, number, number]) => read(values, index) }));
  });
}

function withTensor(values: number[], shape: number[], make: (t: ReturnType<typeof tensor>) => masks.Mask): masks.Mask {
  const t = tensor(values, shape, "float32");
  const mask = make(t);
  t.dispose();
  return mask;
}

function rows<Row>(batch: number, row: Arbitrary<Row>): Arbitrary<Row[]> {
  return fc.constantFrom(1, batch).chain((length) => fc.array(row, { minLength: length, maxLength: length }));
}

function pick<Row>(all: readonly Row[], batch: number): Row {
  return all[batch % all.length]!;
}

function distance(): Arbitrary<number> {
  return fc.oneof(fc.nat(6), fc.constant(Infinity));
}
