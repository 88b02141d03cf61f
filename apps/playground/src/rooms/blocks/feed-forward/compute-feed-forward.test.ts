import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
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
  const { values, slopes } = curve(name, xs);
  expect(slopes[1]).toBeCloseTo((values[2]! - values[0]!) / 0.02, 2);
  expect(slopes[4]).toBeCloseTo((values[5]! - values[3]!) / 0.02, 2);
});

test("units that are small compared with the largest do not count as active", () => {
  const row = Float32Array.of(9, 9, 0, -2, 0.1, 1);
  expect(activeUnits(row, 4, 1, 2)).toEqual({
    count: 2,
    strongest: [
      { unit: 1, value: 1 },
      { unit: 0, value: expect.closeTo(0.1) as number },
    ],
  });
  expect(activeUnits(Float32Array.of(0, 0), 2, 0, 2)).toEqual({ count: 0, strongest: [] });
});
