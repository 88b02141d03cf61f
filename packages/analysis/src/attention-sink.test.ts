import { ValueError } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { attentionMaps, attentionSink, type SinkOptions } from "./index.js";

const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
const sink = [1, 0, 0, 1, 0, 0, 1, 0, 0];
const self = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const maps = attentionMaps([...sink, ...self], [1, 2, 3, 3], { mask: causal });

describe("attentionSink", () => {
  it("tells a head that rests on the first token from one that does not", () => {
    const { perHead, sinkRate } = attentionSink(maps);
    expect(perHead).toMatchObject([
      { isSink: true, score: 1, lift: 1 },
      { isSink: false, score: 0 },
    ]);
    expect(sinkRate).toBe(0.5);
  });

  it("judges nothing where no row can be used", () => {
    expect(attentionSink(maps, { minKeys: 4 })).toMatchObject({ sinkRate: null, perHead: [{ isSink: null }, { isSink: null }] });
  });

  it("is strict about the threshold", () => {
    expect(attentionSink(maps, { threshold: 1 }).sinkRate).toBe(0);
    for (const options of [{ threshold: 1.5 }, { threshold: NaN }, { criterion: "score" }]) {
      expect(() => attentionSink(maps, options as SinkOptions)).toThrow(ValueError);
    }
  });
});
