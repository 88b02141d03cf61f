import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { expect, test } from "vitest";
import { measureCost } from "./cost.js";

test("measures memory and time, and fits exponents to the larger half of the lengths", async () => {
  await useBackend("wasm");
  const before = memory().numTensors;
  const asked: number[] = [];
  const { points, memoryExponent, timings, fittedLengths, checks } = await measureCost({
    lengths: [8, 16, 64, 128],
    millisecondsPerLength: 1,
    onLength: (length) => asked.push(length),
  });
  expect(asked).toEqual([8, 16, 64, 128]);
  expect(points.map(({ weightBytes }) => weightBytes)).toEqual([8, 16, 64, 128].map((n) => 4 * 4 * n * n));
  expect(points.at(-1)).toMatchObject({ projectionMultiplyAdds: 4 * 128 * 64 * 64, attentionMultiplyAdds: 2 * 128 * 128 * 64 });
  expect(points.every(({ peakBytes, weightBytes }) => peakBytes > weightBytes)).toBe(true);
  expect(memoryExponent).toBeGreaterThan(1.2);
  expect(memoryExponent).toBeLessThan(2);
  expect(timings.points.every(({ milliseconds, runs }) => milliseconds > 0 && runs >= 1)).toBe(true);
  expect(fittedLengths).toEqual([64, 128]);
  expect(checks.map(({ status }) => status)).toEqual(["ok"]);
  expect(memory().numTensors).toBe(before);
});
