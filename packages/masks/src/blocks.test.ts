import { memory } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as masks from "./index.js";
import { type Case, compositionArbitrary } from "./testing/arbitraries.js";

const edge = fc.integer({ min: 1, max: 6 });

/** The summary read off every cell. */
function statesByCells({ mask, sizes, oracle }: Case, blockSize: masks.BlockSize): number[] {
  const { queryLength, keyLength, queryOffset, keyOffset } = sizes;
  const states: number[] = [];
  for (let batch = 0; batch < mask.batch; batch++) {
    for (let head = 0; head < mask.heads; head++) {
      for (let top = 0; top < queryLength; top += blockSize.query) {
        for (let left = 0; left < keyLength; left += blockSize.key) {
          const cells = new Set<boolean>();
          for (let q = top; q < Math.min(top + blockSize.query, queryLength); q++) {
            for (let k = left; k < Math.min(left + blockSize.key, keyLength); k++) {
              cells.add(oracle(batch, head, q + queryOffset, k + keyOffset));
            }
          }
          states.push(cells.size === 2 ? 1 : cells.has(true) ? 2 : 0);
        }
      }
    }
  }
  return states;
}

describe("blocks", () => {
  it("equals the summary derived from the cells of any composition", () => {
    fc.assert(
      fc.property(compositionArbitrary, edge, edge, (given, query, key) => {
        const summary = given.mask.blocks(given.sizes, { query, key });
        const states = statesByCells(given, { query, key });
        expect(Array.from(summary.states)).toEqual(states);
        expect([summary.queryBlocks, summary.keyBlocks]).toEqual([
          Math.ceil(given.sizes.queryLength / query),
          Math.ceil(given.sizes.keyLength / key),
        ]);
        const count = (state: number) => states.filter((known) => known === state).length;
        expect(summary.counts).toEqual({ empty: count(0), partial: count(1), full: count(2) });
      }),
      { numRuns: 600 },
    );
  });

  it("cuts the last block at the lengths, so that cells beyond cannot make it partial", () => {
    const { partial, full } = masks.blockStates;
    const summary = masks.padding({ lengths: [70] }).blocks({ queryLength: 65, keyLength: 70 });
    expect(summary).toMatchObject({ queryBlocks: 2, keyBlocks: 2, blockSize: { query: 64, key: 64 } });
    expect(Array.from(summary.states)).toEqual([full, full, full, full]);
    const causal = masks.causal().blocks({ queryLength: 3, keyLength: 3 }, { query: 2, key: 2 });
    expect(Array.from(causal.states)).toEqual([partial, 0, full, full]);
  });

  it("is empty without queries or keys, and one block for one position", () => {
    expect(masks.causal().blocks({ queryLength: 0, keyLength: 5 })).toMatchObject({
      queryBlocks: 0,
      keyBlocks: 1,
      states: new Uint8Array(0),
    });
    expect(masks.causal().blocks({ queryLength: 1, keyLength: 1 }).counts).toEqual({ empty: 0, partial: 0, full: 1 });
  });
});

describe("blocks of long sequences", () => {
  it("takes less than a second for a causal window over 16384 positions, and makes no tensor", () => {
    const mask = masks.and(masks.causal(), masks.slidingWindow({ left: 256, right: Infinity }));
    const before = memory().numTensors;
    const started = performance.now();
    const { counts } = mask.blocks({ queryLength: 16384, keyLength: 16384 });
    const took = performance.now() - started;
    expect(counts).toEqual({ empty: 256 * 256 - (5 * 256 - 10), partial: 256 + 252, full: 255 + 254 + 253 });
    expect(took).toBeLessThan(1000);
    expect(memory().numTensors).toBe(before);
  });

  it("summarises a million positions without visiting a cell", () => {
    const length = 2 ** 20;
    const { counts } = masks.lastN(2 ** 14).blocks({ queryLength: length, keyLength: length }, { query: 2 ** 13, key: 2 ** 13 });
    expect(counts).toEqual({ empty: 128 * 128 - 128 - 127 - 126, partial: 128 + 126, full: 127 });
  });
});
