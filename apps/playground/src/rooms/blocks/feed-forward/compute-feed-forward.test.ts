import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { activation } from "@tfblocks/feed-forward";
import { computeFeedForward, curve } from "./compute-feed-forward.js";
import { activeUnits } from "./active-units.js";
import { activations, feedForwardLink } from "./settings.js";

const settings = { ...feedForwardLink.defaults, width: 8, expansion: 2 };

test.each([false, true])("the parts have the right shapes and all tensors are freed (gated: %s)", (gated) => {
  const before = memory().numTensors;
  const picture = computeFeedForward({ ...settings, gated }, ["a", "b", "a"]);
  expect(memory().numTensors).toBe(before);
  for (const { values, columns } of picture.stages) expect(values).toHaveLength(3 * columns);
  expect(picture.stages.at(-1)!.columns).toBe(8);
  expect(picture.parameters).toBe(gated ? 3 * 8 * 16 : 2 * 8 * 16 + 16 + 8);
});

test("hidden units of a gated network are gate times up", () => {
  const { stages } = computeFeedForward({ ...settings, gated: true }, ["a", "b"]);
  const of = (name: string) => stages.find((stage) => stage.name === name)!.values;
  expect(of("hidden")[5]).toBeCloseTo(of("gate")[5]! * of("up")[5]!, 5);
});

test.each(activations)("the slope of %s is the derivative of its curve", (name) => {
  const xs = Float32Array.of(-1.01, -1, -0.99, 0.99, 1, 1.01);
  const { values, slopes } = curve(name, activation(name), xs);
  expect(slopes[1]).toBeCloseTo((values[2]! - values[0]!) / 0.02, 2);
  expect(slopes[4]).toBeCloseTo((values[5]! - values[3]!) / 0.02, 2);
});

test("units that are small compared with the largest do not count as active", () => {
  const [first, second] = activeUnits(Float32Array.of(9, -9, 0.5, -2, 0.25, 1, 0, 0.01), 4);
  expect(first).toEqual({ count: 3, strongest: [9, -9, -2].map((value, at) => ({ unit: [0, 1, 3][at], value })) });
  expect(second).toEqual({
    count: 2,
    strongest: [
      { unit: 1, value: 1 },
      { unit: 0, value: 0.25 },
    ],
  });
  expect(activeUnits(Float32Array.of(0, 0), 2)).toEqual([{ count: 0, strongest: [] }]);
});

test("the answers to the questions are true", () => {
  const { curves, xs } = computeFeedForward(feedForwardLink.defaults, ["the", "cat"]);
  const slopeAt = (name: string, x: number) => curves.find((each) => each.name === name)!.slopes[xs.findIndex((each) => each >= x)]!;
  for (const x of [-5, -3, -0.5]) expect(slopeAt("relu", x)).toBe(0);
  expect(slopeAt("gelu", -0.5)).toBeGreaterThan(0.1);
  expect(slopeAt("gelu", -1)).toBeLessThan(-0.05);
  expect(Math.abs(slopeAt("gelu", -3.5))).toBeLessThan(0.01);

  const zeros = (name: "relu" | "gelu") => {
    const hidden = computeFeedForward({ ...feedForwardLink.defaults, activation: name }, ["the", "cat", "sat"]).stages[2]!.values;
    return hidden.filter((value) => value === 0).length / hidden.length;
  };
  expect(zeros("relu")).toBeGreaterThan(0.35);
  expect(zeros("relu")).toBeLessThan(0.65);
  expect(zeros("gelu")).toBe(0);

  const sizes = [false, true].map((gated) => computeFeedForward({ ...feedForwardLink.defaults, gated }, ["the"]).parameters);
  expect(sizes[1]! / sizes[0]!).toBeCloseTo(1.45, 1);
});
