import { expect, test } from "vitest";
import type { PositionPrediction, PredictionsReading } from "../../../reading/readings.js";
import { mostChanged, positionChanges } from "./position-changes.js";

const at = (top: string, actual: string | null, probability = 0.5): PositionPrediction => ({
  top: [{ id: top.charCodeAt(0), text: top, probability: 0.9 }],
  actual: actual === null ? null : { id: 1, text: actual, probability, rank: 1, loss: -Math.log(probability) },
});
const reading = (...positions: PositionPrediction[]): PredictionsReading => ({ positions, meanLoss: null });

test("each position has its likeliest token and the loss of the token that follows, before and after", () => {
  const changes = positionChanges(reading(at("a", "b", 0.5), at("c", null)), reading(at("z", "b", 0.25), at("c", null)));
  expect(changes).toMatchObject([
    { position: 0, before: { text: "a" }, after: { text: "z" }, isOther: true, actual: { text: "b", before: 0.5, after: 0.25 } },
    { position: 1, isOther: false, actual: null },
  ]);
  expect(changes[0]!.actual!.lossChange).toBeCloseTo(Math.LN2, 12);
});

test("the position that suffers most is one whose likeliest token is another", () => {
  const before = reading(at("a", "b", 0.9), at("a", "b", 0.9), at("a", "b", 0.9));
  const after = reading(at("a", "b", 0.01), at("x", "b", 0.5), at("x", "b", 0.3));
  expect(mostChanged(positionChanges(before, after))?.position).toBe(2);
  expect(mostChanged(positionChanges(before, before))).toBeUndefined();
});
