import { constant, inverseSqrt, warmupCosine, warmupLinear } from "@tfblocks/training";
import { expect, it } from "vitest";

const options = { peak: 1, warmupSteps: 4, totalSteps: 12, floor: 0.2 };
const rates = (schedule: (step: number) => number, ...steps: number[]) => steps.map((step) => Math.round(schedule(step) * 1e6) / 1e6);

it("warmupCosine rises linearly and falls by half a cosine to its floor", () => {
  expect(rates(warmupCosine(options), 1, 2, 4, 6, 8, 12, 100)).toEqual([0.25, 0.5, 1, 0.882843, 0.6, 0.2, 0.2]);
});

it("warmupLinear rises and falls linearly", () => {
  expect(rates(warmupLinear(options), 1, 4, 6, 8, 12, 13)).toEqual([0.25, 1, 0.8, 0.6, 0.2, 0.2]);
  expect(rates(warmupLinear({ peak: 2, totalSteps: 2 }), 0, 1, 2)).toEqual([2, 1, 0]);
});

it("inverseSqrt peaks at the end of its warm-up", () => {
  expect(rates(inverseSqrt({ peak: 1, warmupSteps: 4 }), 1, 4, 16, 64)).toEqual([0.25, 1, 0.5, 0.25]);
});

it("constant never changes", () => {
  expect(rates(constant(3e-4), 1, 1e6)).toEqual([3e-4, 3e-4]);
});

it("schedules reject invalid and unknown options", () => {
  expect(() => warmupCosine({ ...options, totalSteps: 4 })).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: warmupCosine: totalSteps must be an integer >= 5, got 4]`,
  );
  expect(() => warmupLinear({ ...options, warmup: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
    `[UnknownNameError: warmupLinear: unknown option "warmup"; known options: peak, warmupSteps, totalSteps, floor]`,
  );
  expect(() => constant(-1)).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: constant: learningRate must be a finite float32 number >= 0, got -1]`,
  );
  expect(() => inverseSqrt({ peak: 1, warmupSteps: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: inverseSqrt: warmupSteps must be an integer >= 1, got 0]`,
  );
  expect(() => inverseSqrt({ peak: 1, warmupSteps: 2, floor: 0 } as never)).toThrowErrorMatchingInlineSnapshot(
    `[UnknownNameError: inverseSqrt: unknown option "floor"; known options: peak, warmupSteps]`,
  );
});
