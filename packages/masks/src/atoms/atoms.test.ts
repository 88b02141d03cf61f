import { memory } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atomArbitrary, atoms, type Case, cellsOf, denseOf } from "../testing/arbitraries.js";
import * as masks from "../index.js";

const bits = (mask: masks.Mask, sizes: masks.MaskSizes): string[] => {
  const cells = denseOf(mask, sizes).join("");
  return Array.from({ length: sizes.queryLength }, (_row, query) => cells.slice(query * sizes.keyLength, (query + 1) * sizes.keyLength));
};

const agrees = ({ mask, sizes, oracle }: Case): void => {
  const cells = cellsOf(mask, sizes);
  const expected = cells.map((cell) => oracle(...cell));
  expect(cells.map((cell) => mask.at(...cell))).toEqual(expected);
  expect(denseOf(mask, sizes)).toEqual(expected.map(Number));
};

describe("each atom against its definition", () => {
  for (const name of Object.keys(atoms)) it(name, () => fc.assert(fc.property(atomArbitrary(name), agrees), { numRuns: 150 }));
});

describe("atoms", () => {
  it("gives a causal mask like tril of PyTorch, and its last rows with a cache", () => {
    expect(bits(masks.causal(), { queryLength: 3, keyLength: 3 })).toEqual(["100", "110", "111"]);
    expect(bits(masks.causal(), { queryLength: 2, keyLength: 5, queryOffset: 3 })).toEqual(["11110", "11111"]);
    expect(bits(masks.causal({ offset: -1 }), { queryLength: 3, keyLength: 3 })).toEqual(["000", "100", "110"]);
  });

  it("counts distances of a window inclusively, and lastN with the position of the query", () => {
    expect(bits(masks.slidingWindow({ left: 1, right: 1 }), { queryLength: 4, keyLength: 4 })).toEqual(["1100", "1110", "0111", "0011"]);
    expect(bits(masks.lastN(2), { queryLength: 4, keyLength: 4 })).toEqual(["1000", "1100", "0110", "0011"]);
  });

  it("lets every query attend to the prefix and is causal after it", () => {
    expect(bits(masks.prefixLM(2), { queryLength: 4, keyLength: 4 })).toEqual(["1100", "1100", "1110", "1111"]);
  });

  it("separates packed documents, and isolates the positions after them", () => {
    expect(bits(masks.packed([2, 1]), { queryLength: 4, keyLength: 4 })).toEqual(["1100", "1100", "0010", "0000"]);
  });

  it("is false beyond the positions of a table", () => {
    expect(masks.padding({ keep: [[true]] }).at(0, 0, 9, 1)).toBe(false);
    expect(masks.documents([0, 0]).at(0, 0, 2, 2)).toBe(false);
    expect(masks.blockPattern({ blockSize: 2, pattern: [[true]] }).at(0, 0, 0, 2)).toBe(false);
  });

  it("is not affected when the caller changes an array afterwards", () => {
    const [lengths, keep, ids] = [[2], [[true, true]], [0, 0]];
    const all = [masks.padding({ lengths }), masks.padding({ keep }), masks.documents(ids), masks.packed(lengths)];
    lengths[0] = 0;
    keep[0]![1] = false;
    ids[1] = 1;
    expect(all.map((mask) => mask.at(0, 0, 1, 1))).toEqual([true, true, true, true]);
  });

  it("gives a dense tensor of length zero, and leaks nothing", () => {
    const before = memory().numTensors;
    const empty = masks.causal().dense({ queryLength: 0, keyLength: 3 });
    expect([empty.shape, empty.dtype]).toEqual([[1, 1, 0, 3], "bool"]);
    empty.dispose();
    const one = masks.packed([]).dense({ queryLength: 1, keyLength: 1 });
    expect(Array.from(one.dataSync())).toEqual([0]);
    one.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
