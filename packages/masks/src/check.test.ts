import { AllocationError, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { describe, expect, it } from "vitest";
import * as masks from "./index.js";

const anything = (value: unknown) => value as never;

describe("bad numbers", () => {
  it("are rejected by each atom in one sentence", () => {
    for (const bad of [-1, NaN, 1.5, "2", null, Infinity]) {
      const calls = [
        () => masks.padding({ lengths: [anything(bad)] }),
        () => masks.lastN(anything(bad)),
        () => masks.prefixLM([anything(bad)]),
        () => masks.packed([anything(bad)]),
        () => masks.documents([anything(bad)]),
        () => masks.documents([[0], [anything(bad)]]),
        () => masks.chunked(anything(bad)),
        () => masks.blockPattern({ blockSize: anything(bad), pattern: [[true]] }),
        () => masks.blockPattern({ blockSize: { query: 1, key: anything(bad) }, pattern: [[true]] }),
        () => masks.causal().dense({ queryLength: anything(bad), keyLength: 1 }),
        () => masks.causal().blocks({ queryLength: 1, keyLength: 1, keyOffset: anything(bad) }),
        () => masks.causal().blocks({ queryLength: 1, keyLength: 1 }, { query: 1, key: anything(bad) }),
        () => masks.causal().at(0, 0, anything(bad), 0),
        () => masks.causal().explain(anything(bad), 0, 0, 0),
      ];
      if (bad !== -1) calls.push(() => masks.causal({ offset: anything(bad) }));
      if (bad !== Infinity) calls.push(() => masks.slidingWindow({ left: 1, right: anything(bad) }));
      for (const call of calls) expect(call, `${String(call)} with ${bad}`).toThrow(ValueError);
    }
    expect(() => masks.prefixLM(1.5)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: prefixLM: prefixLength must be an integer >= 0, got 1.5]`,
    );
    expect(() => masks.chunked(0)).toThrowErrorMatchingInlineSnapshot(`[ValueError: chunked: size must be an integer >= 1, got 0]`);
    expect(() => masks.padding({ lengths: [2, -1] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: padding: lengths[1] must be an integer >= 0, got -1]`,
    );
    expect(() => masks.slidingWindow({ left: -1, right: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: slidingWindow: left must be an integer >= 0, got -1]`,
    );
    expect(() => masks.causal(anything(null))).toThrow(/options must be an object, got null/);
  });
});

describe("bad arrays", () => {
  it("are rejected when ragged, empty or of the wrong kind", () => {
    expect(() => masks.padding({ keep: [[true, false], [true]] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: padding: keep[1] must be of length 2, got 1]`,
    );
    expect(() => masks.documents([[0, 1], [0]])).toThrow(ShapeError);
    expect(() => masks.blockPattern({ blockSize: 2, pattern: [[true], []] })).toThrow(ShapeError);
    expect(() => masks.padding({ keep: [[anything(1)]] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: padding: keep[0][0] must be true or false, got 1]`,
    );
    expect(() => masks.padding({ lengths: [] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: padding: lengths must be not empty, got []]`,
    );
    expect(() => masks.padding(anything({}))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: padding: options must be either lengths or keep, got neither]`,
    );
    expect(() => masks.padding(anything({ lengths: [1], keep: [[true]] }))).toThrow(/got both/);
    expect(() => masks.documents(anything("0,1"))).toThrow(/ids must be an array/);
  });
});

describe("bad sizes", () => {
  it("are rejected when they contradict the mask", () => {
    const sizes = { queryLength: 3, keyLength: 3 };
    expect(() => masks.padding({ lengths: [2, 5] }).dense(sizes)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: mask.dense: keyOffset + keyLength must be >= 5, the longest of the padding lengths, got 3; for a part of the keys use padding({ keep })]`,
    );
    expect(() =>
      masks
        .padding({ lengths: [2, 5] })
        .dense({ ...sizes, keyOffset: 2 })
        .dispose(),
    ).not.toThrow();
    expect(() => masks.padding({ keep: [[true]] }).blocks(sizes)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: mask.blocks: key positions must be within 0 to 0, which padding covers, got 0 to 2]`,
    );
    expect(() => masks.not(masks.documents([0, 0])).blocks(sizes)).toThrow(
      /query positions must be within 0 to 1, which documents covers, got 0 to 2/,
    );
    expect(() => masks.and(masks.causal(), masks.blockPattern({ blockSize: 1, pattern: [[true]] })).dense(sizes)).toThrow(ValueError);
    expect(() => masks.padding({ lengths: [2, 3] }).dense({ ...sizes, batch: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: mask.dense: batch must be 2, the batch of the mask, got 3]`,
    );
    expect(() => masks.padding({ lengths: [2, 3] }).at(2, 0, 0, 0)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: mask.at: batch must be an integer from 0 to 1, got 2]`,
    );
    expect(masks.causal().at(7, 7, 0, 0)).toBe(true);
    expect(() => masks.causal().dense(anything(undefined))).toThrow(/sizes must be an object/);
  });

  it("are rejected before memory runs out", () => {
    const length = 2 ** 16;
    expect(() => masks.causal().dense({ queryLength: length, keyLength: length })).toThrow(AllocationError);
    expect(() => masks.causal().blocks({ queryLength: length, keyLength: length }, { query: 1, key: 1 })).toThrow(
      /at most 2147483647 bytes/,
    );
  });
});
