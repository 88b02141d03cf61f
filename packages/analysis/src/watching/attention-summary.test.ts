import { memory, reshape, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import type { MultiHeadAttentionSizes } from "@tfblocks/attention";
import { and, causal, padding } from "@tfblocks/masks";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { type AttentionSummary, watchAttention } from "../models.js";
import { alone } from "../testing/alone.js";
import { tinyModel, tokens } from "../testing/tiny-model.js";

const mask = and(causal(), padding({ keep: [Array.from({ length: 7 }, (_, key) => key !== 0)] }));

/** The summary of rows of weights by its definition. */
function oracle(weights: number[][][][], keyLength: number, hasSink: boolean, topK: number) {
  const rows = weights.flat(2);
  const tokensOf = (row: number[]) => row.slice(0, keyLength);
  const sum = (row: number[]) => row.reduce((total, each) => total + each, 0);
  const outcomes = (row: number[]) => [...row, ...(hasSink ? [1 - sum(row)] : [])].filter((each) => each > 1e-12);
  const ranked = rows.map((row) =>
    [...tokensOf(row).entries()]
      .filter(([, weight]) => weight > 0)
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, topK),
  );
  const padded = (numbers: number[], blank: number) => Array.from({ length: topK }, (_, at) => numbers[at] ?? blank);
  return {
    entropy: rows.map((row) => -sum(outcomes(row).map((each) => each * Math.log(each)))),
    firstKey: rows.map((row) => row[0]!),
    extraKeys: rows.map((row) => sum(row.slice(keyLength)) + (hasSink ? 1 - sum(row) : 0)),
    topKeys: ranked.flatMap((row) =>
      padded(
        row.map(([key]) => key),
        -1,
      ),
    ),
    topWeights: ranked.flatMap((row) =>
      padded(
        row.map(([, weight]) => weight),
        0,
      ),
    ),
  };
}

type Numbers = "entropy" | "firstKey" | "extraKeys" | "logSumExp" | "topKeys" | "topWeights";

const tensorOf = (summary: AttentionSummary, name: Numbers) => use(tensor1d(Float32Array.from(summary[name])));

const cases: [string, Partial<MultiHeadAttentionSizes>][] = [
  ["plain heads", {}],
  ["grouped heads", { numKvHeads: 2 }],
  ["a sink", { learnedSink: true }],
  ["a learned key", { addBiasKv: true }],
];

describe.each(["cpu", "wasm fused plain, 2 threads"] as const)("the summary of an attention on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)("with %s is that of its weights, during the run and after it", async (_, sizes) => {
    const [model, x] = [alone(sizes), randomTensor([1, 7, 8], 1)];
    const { weights, logSumExp } = use(model.attention.apply(x, x, x, { mask, needLogSumExp: true }));
    const run = (attention: typeof model.attention): Tensor => attention.apply(x, x, x, { mask, needWeights: false }).output;
    const [after, during] = [{}, { summariesOnly: true }].map((options) =>
      use(watchAttention(model, ({ attention }) => use(run(attention)), { ...options, topK: 3 })),
    );
    const summaries = [await after!.summary("attention"), await during!.summary("attention")] as const;
    expect(summaries[0]).toEqual(summaries[1]);
    const expected = oracle((await weights.array()) as number[][][][], 7, sizes.learnedSink === true, 3);
    for (const name of ["entropy", "firstKey", "extraKeys", "topKeys", "topWeights"] as const) {
      const shape = [expected[name].length];
      await expectClose(tensorOf(summaries[0], name), { shape, data: expected[name] }, { atol: 1e-5, rtol: 1e-5 }, name);
    }
    await expectClose(tensorOf(summaries[0], "logSumExp"), use(reshape(logSumExp!, [28])), { atol: 1e-5, rtol: 1e-5 });
  });
});

describe("summariesOnly", () => {
  beforeAll(() => useBackend("cpu"));

  it("keeps nothing but numbers, and refuses what needs more", async () => {
    const [model, ids] = [tinyModel(), tokens([1, 2, 3, 4])];
    const before = memory().numTensors;
    const watched = watchAttention(model, (each) => each.apply(ids).logits.dispose(), { summariesOnly: true });
    expect(memory().numTensors).toBe(before);
    expect(watched.sizes("layers.1.attention")).toEqual({ batch: 1, heads: 3, queryLength: 4, keyLength: 4, queryOffset: 0, keyOffset: 0 });
    expect(() => watched.weights("layers.1.attention")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: WatchedAttention.weights: part must be watched with its inputs, got a summary; leave out summariesOnly]`,
    );
    await expect(watched.summary("layers.2.attention")).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: WatchedAttention.summary: part must be one of layers.0.attention, layers.1.attention, got "layers.2.attention"]`,
    );
    const { topKeys, topWeights } = await watched.summary("layers.0.attention");
    expect([...topKeys.subarray(0, 5), ...topWeights.subarray(0, 5)]).toEqual([0, -1, -1, -1, -1, 1, 0, 0, 0, 0]);
  });

  it("is one of the options, which are checked", async () => {
    const [model, ids] = [tinyModel(), tokens([1, 2, 3, 4])];
    const watch = (options: object) => () => use(watchAttention(model, (each) => use(each.apply(ids)), options));
    expect(watch({ topK: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: watchAttention: topK must be an integer from 1 to 1000, got 0]`,
    );
    expect(watch({ attention: "layers.0.feedForward" })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: watchAttention: "layers.0.feedForward" must be a MultiHeadAttention, got an object]`,
    );
    const watched = watch({ attention: ["layers.1.attention", "layers.*.attention"] })();
    expect(watched.parts).toEqual(["layers.0.attention", "layers.1.attention"]);
    await expect(watched.rows("layers.1.attention", 3, 2)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: WatchedAttention.rows: end must be an integer from 3 to 4, got 2]`,
    );
    watched.dispose();
    await expect(watched.maps("layers.1.attention")).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: WatchedAttention.maps: watched attention must be alive, got a disposed one]`,
    );
  });
});
