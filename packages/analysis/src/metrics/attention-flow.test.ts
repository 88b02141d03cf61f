import reference from "@tfblocks/fixtures/head-similarity";
import { ShapeError, ValueError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attentionFlow, attentionMaps, attentionRollout } from "../index.js";
import { cases, mapsOf } from "../testing/map-cases.js";
import { FlowNetwork } from "./paths/flow-network.js";

const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
const half = attentionMaps([1, 0, 0.5, 0.5], [1, 1, 2, 2], { mask: causal });
const square = cases.filter(({ shape }) => shape[2] === shape[3]);

describe("attentionFlow", () => {
  it.each(reference.paths)("equals the maximum flows of networkx, case %#", ({ shape, isCausal, residual, maps, ...expected }) => {
    const [, heads, length] = shape as [number, number, number];
    const layers = maps.map((weights) => attentionMaps(weights, [1, heads, length, length], { mask: isCausal ? causal : null }));
    const { scores, nullScores } = attentionFlow(layers, { residual });
    scores[0]!.forEach((row, query) => row!.forEach((value, key) => expect(value).toBeCloseTo(expected.flow[query]![key]!, 9)));
    nullScores[0]!.forEach((row, query) => row!.forEach((value, key) => expect(value).toBeCloseTo(expected.nullFlow[query]![key]!, 9)));
  });

  it("has the values of a case by hand", () => {
    // Into token 0: 0.25 + 0.25 through either token below; into token 1: 0.75.
    const [rows] = attentionFlow([half, half]).scores;
    expect(rows![0]).toEqual([1, 0]);
    expect(rows![1]![0]).toBeCloseTo(0.5 / 1.25, 12);
    expect(rows![1]![1]).toBeCloseTo(0.75 / 1.25, 12);
  });

  it("equals rollout in one layer", () => {
    fc.assert(
      fc.property(square, (sample) => {
        const flow = attentionFlow([mapsOf(sample)]).scores.flat();
        const rollout = attentionRollout([mapsOf(sample)]).scores.flat();
        flow.forEach((row, index) => row?.forEach((value, key) => expect(value).toBeCloseTo(rollout[index]![key]!, 9)));
      }),
    );
  });

  it("has rows that sum to 1, or null for padding", () => {
    fc.assert(
      fc.property(square, (sample) => {
        const { scores, nullScores } = attentionFlow([mapsOf(sample), mapsOf(sample), mapsOf(sample)], { layers: [0, 2] });
        for (const result of [scores, nullScores]) {
          result.flat().forEach((row, index) => {
            expect(row === null).toBe(sample.queryKeep[index] === 0);
            if (row !== null) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
          });
        }
      }),
    );
  });
});

describe("attentionFlow and its limit", () => {
  it("names the limit of length · layers, which the option may keep to", () => {
    const identity = Array.from({ length: 64 * 64 }, (_, cell) => Number(Math.floor(cell / 64) === cell % 64));
    const maps = attentionMaps(identity, [1, 1, 64, 64], { mask: causal });
    const layers = [maps, maps, maps, maps];
    expect(() => attentionFlow(layers)).toThrow(ValueError);
    expect(() => attentionFlow(layers)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: attentionFlow: maps must be of length · layers <= 192, got 64 tokens · 4 layers = 256; pass fewer tokens or layers, or use attentionRollout]`,
    );
    expect(attentionFlow(layers, { layers: [3] }).scores[0]![63]![63]).toBe(1);
  });

  it("rejects what is not a stack of self-attention, and unknown options", () => {
    expect(() => attentionFlow([attentionMaps([1, 1], [1, 1, 2, 1], { mask: null })])).toThrow(ShapeError);
    expect(() => attentionFlow([])).toThrow(ValueError);
    expect(() => attentionFlow([half], { depth: 1 } as never)).toThrow("unknown option");
  });
});

describe("FlowNetwork", () => {
  it("sends flow back where a first path was in the way", () => {
    const network = new FlowNetwork(6);
    const pipes = [
      [0, 1, 1],
      [0, 2, 1],
      [1, 3, 1],
      [1, 4, 1],
      [2, 3, 1],
      [3, 5, 1],
      [4, 5, 1],
    ] as const;
    for (const [from, to, capacity] of pipes) network.addPipe(from, to, capacity);
    expect(network.maxFlow(0, 5)).toBe(2);
    expect(network.maxFlow(0, 5)).toBe(2);
    expect(network.maxFlow(5, 0)).toBe(0);
  });

  it("has the flow of the smallest cut", () => {
    const capacities = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(capacities, (values) => {
        const pipes = values.map((capacity, index) => ({
          from: Math.floor(index / 4),
          to: (Math.floor(index / 4) + 1 + (index % 4)) % 5,
          capacity,
        }));
        const network = new FlowNetwork(5);
        for (const { from, to, capacity } of pipes) network.addPipe(from, to, capacity);
        const cuts = Array.from({ length: 8 }, (_, middle) => {
          const isNear = (node: number) => node === 0 || (node < 4 && ((middle >> (node - 1)) & 1) === 1);
          return pipes.reduce((sum, { from, to, capacity }) => sum + (isNear(from) && !isNear(to) ? capacity : 0), 0);
        });
        expect(network.maxFlow(0, 4)).toBe(Math.min(...cuts));
      }),
    );
  });
});
