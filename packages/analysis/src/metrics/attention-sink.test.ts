import { ValueError } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import { attentionMaps, attentionSink, type SinkOptions } from "../index.js";

const causal = { at: (_batch: number, _head: number, query: number, key: number) => key <= query };
const sink = [1, 0, 0, 1, 0, 0, 1, 0, 0];
const self = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const maps = attentionMaps([...sink, ...self], [1, 2, 3, 3], { mask: causal });

describe("attentionSink", () => {
  it("detects a head that attends to the first token", () => {
    const { perHead, sinkRate } = attentionSink(maps);
    expect(perHead).toMatchObject([
      { isSink: true, score: 1, lift: 1 },
      { isSink: false, score: 0 },
    ]);
    expect(sinkRate).toBe(0.5);
  });

  it("gives null when no row is usable", () => {
    expect(attentionSink(maps, { minKeys: 4 })).toMatchObject({ sinkRate: null, perHead: [{ isSink: null }, { isSink: null }] });
  });

  it("requires a score above the threshold", () => {
    expect(attentionSink(maps, { threshold: 1 }).sinkRate).toBe(0);
    for (const options of [{ threshold: 1.5 }, { threshold: NaN }, { criterion: "score" }]) {
      expect(() => attentionSink(maps, options as SinkOptions)).toThrow(ValueError);
    }
  });

  it("rejects unknown options, and names itself for those of the first token", () => {
    expect(() => attentionSink(maps, { treshold: 0.3 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: attentionSink: unknown option "treshold"; known options: minKeys, firstKey, threshold, criterion; did you mean "threshold"?]`,
    );
    expect(() => attentionSink(maps, { minKeys: 0 })).toThrow("attentionSink: minKeys must be an integer >= 1, got 0");
  });
});
