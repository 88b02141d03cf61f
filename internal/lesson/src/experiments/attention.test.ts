import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import type { Check } from "../check.js";
import { embedTokens } from "../embed-tokens.js";
import { largestDifference } from "../numbers.js";
import { recomputeContext } from "../recompute-context.js";
import { tokenize } from "../tokenize.js";
import { walkToken } from "../token-walk.js";
import { causalAttention, maskedCells } from "./causal-attention.js";
import { measureCost } from "./cost.js";
import { crossAttention } from "./cross-attention.js";
import { compareHeads } from "./head-diversity.js";
import { paddedBatch } from "./padding.js";
import { selfAttention } from "./self-attention.js";

const text = tokenize("The animal didn't cross the street because it was too tired");
const other = tokenize("Das Tier war zu müde");
const statuses = (checks: readonly Check[]) => checks.map(({ status }) => status);

for (const backend of ["cpu", "wasm"] as const) {
  describe(`lesson experiments on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    test("self-attention passes its checks and follows the word it", async () => {
      const { trace, walk, checks } = await selfAttention(text);
      expect(statuses(checks)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
      expect(walk).toMatchObject({ token: "it", index: 7, head: 0 });
      expect(walk.query).toEqual(trace.query[0]![7]);
      expect(trace.steps.find(({ name }) => name === "scores")!.shape).toEqual([1, 4, 11, 11]);
      expect(trace.merged[7]!.slice(16, 32)).toEqual(trace.context[1]![7]);
    });

    test("cross-attention has a row for each query and a column for each key of the other text", async () => {
      const { trace, walk, checks } = await crossAttention(text, other);
      expect(statuses(checks)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
      expect(trace.weights[0]!.map((row) => row.length)).toEqual(text.map(() => other.length));
      expect([walk.key, walk.value]).toEqual([null, null]);
      expect(walk.keys.map(({ token }) => token)).toEqual(other);
    });

    test("causal attention masks every later key with exactly 0, does not leak, and decodes with a cache", async () => {
      const { trace, masked, explanation, checks } = await causalAttention(text);
      expect(statuses(checks)).toEqual(checks.map(() => "ok"));
      expect(masked).toEqual({ cells: 4 * 55, notZero: 0 });
      expect(trace.weights[2]![0]).toEqual([1, ...Array.from({ length: 10 }, () => 0)]);
      expect(explanation).toContain("query 7 may not attend to key 10");
    });

    test("a padded sentence has the same output as alone", async () => {
      const experiment = await paddedBatch([text, ["It", "slept"]]);
      expect(statuses(experiment.checks)).toEqual(["ok", "ok", "ok", "ok"]);
      expect(experiment).toMatchObject({ padded: 1, lengths: [11, 2] });
      expect(experiment.weights[0]![0]!.slice(2)).toEqual(Array.from({ length: 9 }, () => 0));
      expect(experiment.massWithoutMask).toBeGreaterThan(0.3);
      expect((await paddedBatch([["Hi"], text])).padded).toBe(0);
    });

    test("heads are compared with uniform attention", async () => {
      const { heads, diversity, distances, checks } = await compareHeads(text);
      expect(statuses(checks)).toEqual(["ok"]);
      expect(heads).toHaveLength(4);
      expect(heads[0]!.previousToken.nullScore).toBeCloseTo(1 / 11, 10);
      expect(diversity).toBeCloseTo((distances.flat() as number[]).reduce((sum, distance) => sum + distance, 0) / 12, 10);
    });
  });

  describe(`what every lesson experiment on ${backend} does`, () => {
    beforeAll(() => useBackend(backend));

    test("one token or one head skips the checks without an error", async () => {
      expect((await compareHeads(["Hi"])).checks[0]!.status).toBe("skipped");
      expect(await compareHeads(text, { numHeads: 1 })).toMatchObject({ diversity: null });
      const { checks, explanation } = await causalAttention(["Hi"]);
      expect(statuses(checks).filter((status) => status === "skipped")).toHaveLength(2);
      expect(explanation).toBeNull();
    });

    test("the same seed repeats every number, and another seed does not", async () => {
      const [first, again, different] = [
        await selfAttention(text, { seed: 5 }),
        await selfAttention(text, { seed: 5 }),
        await selfAttention(text, { seed: 6 }),
      ];
      expect(again).toEqual(first);
      expect(largestDifference(different.trace.weights, first.trace.weights)).toBeGreaterThan(0.01);
    });

    test("results are plain data that round-trip through JSON", async () => {
      const experiment = await causalAttention(text);
      expect(JSON.parse(JSON.stringify(experiment))).toEqual(experiment);
    });

    test("no experiment leaks a tensor", async () => {
      const before = memory().numTensors;
      await selfAttention(text);
      await crossAttention(text, other);
      await causalAttention(text);
      await paddedBatch([text, other]);
      await compareHeads(text);
      expect(memory().numTensors).toBe(before);
    });
  });
}

test("experiments reject unknown settings", async () => {
  const unknown = { heads: 2 } as never;
  const known = 'it is called "numHeads" here; known sizes: dModel, numHeads, seed';
  await expect(selfAttention(text, unknown)).rejects.toThrow(`selfAttention: unknown size "heads"; ${known}`);
  await expect(crossAttention(text, other, unknown)).rejects.toThrow(`crossAttention: unknown size "heads"; ${known}`);
  await expect(causalAttention(text, unknown)).rejects.toThrow(`causalAttention: unknown size "heads"; ${known}`);
  await expect(paddedBatch([text, other], unknown)).rejects.toThrow(`paddedBatch: unknown size "heads"; ${known}`);
  await expect(compareHeads(text, unknown)).rejects.toThrow(`compareHeads: unknown size "heads"; ${known}`);
  await expect(measureCost({ heads: 2 } as never)).rejects.toThrow(
    /measureCost: unknown option "heads"; it is called "numHeads" here; known options: dModel,/,
  );
  expect(() => embedTokens(text, unknown)).toThrow('embedTokens: unknown option "heads"; known options: dModel, seed');
});

test("recomputeContext detects a wrong scale, and maskedCells a weight that is not 0", async () => {
  await useBackend("cpu");
  const { trace } = await selfAttention(text);
  const walk = walkToken(trace, 3, 2);
  expect(largestDifference(recomputeContext(trace, walk), walk.context)).toBeLessThan(1e-5);
  expect(largestDifference(recomputeContext({ ...trace, scale: 1 }, walk), walk.context)).toBeGreaterThan(1e-3);
  expect(maskedCells({ weights: [[[0.5, 1e-9]]], allowed: [[true, false]] })).toEqual({ cells: 1, notZero: 1 });
});
