import { Random } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { differentSets, setCount } from "./random-sets.js";

const letters = Array.from("abcdefgh");
const texts = (sets: readonly (readonly string[])[]) => sets.map((set) => set.join(""));
const drawFrom = <Item>(random: Random, items: readonly Item[], size: number, count: number) =>
  differentSets(random, [{ items, size }], count);

describe("differentSets", () => {
  it("draws as many sets as asked for, no two the same", () => {
    const drawn = texts(drawFrom(new Random(1), letters, 2, 27));
    expect(new Set(drawn).size).toBe(27);
    expect(drawn).toHaveLength(27);
    expect(drawn.every((set) => /^[a-h]{2}$/.test(set) && set[0]! < set[1]!)).toBe(true);
    expect(texts(drawFrom(new Random(2), letters, 2, 27))).not.toEqual(drawn);
    expect(texts(drawFrom(new Random(1), letters, 2, 27))).toEqual(drawn);
  });

  it("takes each set once where there are no more", () => {
    expect(texts(drawFrom(new Random(1), Array.from("abcd"), 2, 6))).toEqual(["ab", "ac", "ad", "bc", "bd", "cd"]);
    expect(texts(drawFrom(new Random(1), Array.from("abcd"), 2, 100))).toHaveLength(6);
    expect(texts(drawFrom(new Random(1), Array.from("abcd"), 4, 8))).toEqual(["abcd"]);
    expect(
      drawFrom(
        new Random(1),
        Array.from({ length: 200 }, (_, index) => index),
        200,
        8,
      ),
    ).toHaveLength(1);
  });

  it("draws nothing where there are too few items, or nothing is asked for", () => {
    expect(drawFrom(new Random(1), ["a"], 2, 8)).toEqual([]);
    expect(drawFrom(new Random(1), [], 1, 8)).toEqual([]);
    expect(drawFrom(new Random(1), letters, 2, 0)).toEqual([]);
  });

  it("draws every set about as often", () => {
    const counts = new Map<string, number>();
    const random = new Random(5);
    for (let draw = 0; draw < 3000; draw++) {
      for (const set of texts(drawFrom(random, Array.from("abcd"), 2, 1))) counts.set(set, (counts.get(set) ?? 0) + 1);
    }
    expect([...counts.values()].every((count) => Math.abs(count - 500) < 100)).toBe(true);
    expect(counts.size).toBe(6);
  });
});

describe("differentSets of several pools", () => {
  it("takes so many items of each pool", () => {
    const pools = [
      { items: Array.from("abc"), size: 2 },
      { items: Array.from("xyz"), size: 1 },
    ];
    expect(setCount(pools)).toBe(9);
    const drawn = texts(differentSets(new Random(1), pools, 8));
    expect(new Set(drawn).size).toBe(8);
    expect(drawn.every((set) => /^(ab|ac|bc)[xyz]$/.test(set))).toBe(true);
    expect(texts(differentSets(new Random(1), pools, 9))).toEqual(["abx", "aby", "abz", "acx", "acy", "acz", "bcx", "bcy", "bcz"]);
    expect(differentSets(new Random(1), [...pools, { items: ["q"], size: 2 }], 8)).toEqual([]);
  });
});
