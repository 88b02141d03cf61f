import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { byDistance, denseFirst } from "./by-distance.js";
import { computePositions } from "./compute-positions.js";
import { encodings, type PositionSettings, positionLink, scalings } from "./settings.js";

const draw = (change: Partial<PositionSettings>) => computePositions({ ...positionLink.defaults, length: 12, width: 8, ...change });

test.each(encodings)("%s gives a number for every pair of positions and frees all tensors", (encoding) => {
  const before = memory().numTensors;
  const picture = draw({ encoding });
  expect(memory().numTensors).toBe(before);
  for (const { values } of picture.relations) expect(values).toHaveLength(144);
  expect(picture.liveTensors).toBe(before);
});

test("the similarity of sinusoids depends only on the distance, and is 1 at distance 0", () => {
  const [relation] = draw({ encoding: "sinusoids" }).relations;
  const at = (query: number, key: number) => relation!.values[query * 12 + key]!;
  expect(at(3, 3)).toBeCloseTo(1, 5);
  expect(at(2, 5)).toBeCloseTo(at(8, 11), 5);
  expect(at(2, 5)).toBeCloseTo(at(5, 2), 5);
});

test.each(["half", "interleaved"] as const)(
  "the arrows of a rotary embedding with pairing %s rotate by position · frequency",
  (pairing) => {
    const picture = draw({ encoding: "rotary", pairing });
    if (picture.encoding !== "rotary") throw new Error("another encoding");
    for (const [pair, frequency] of picture.frequencies.entries()) {
      expect(picture.cos[5 * 4 + pair]).toBeCloseTo(Math.cos(5 * frequency), 5);
      expect(picture.sin[5 * 4 + pair]).toBeCloseTo(Math.sin(5 * frequency), 5);
    }
  },
);

test.each(scalings.slice(1))("scaling %s is shown together with no scaling", (scaling) => {
  const { relations } = draw({ encoding: "rotary", scaling, trained: 4 });
  expect(relations.map(({ name }) => name)).toEqual(["q · k / headDim", "without scaling"]);
  expect(relations[0]!.values).not.toEqual(relations[1]!.values);
});

test("the bias of an ALiBi head falls by its slope per position", () => {
  const picture = draw({ encoding: "alibi", heads: 2 });
  if (picture.encoding !== "alibi") throw new Error("another encoding");
  const { row } = byDistance(picture.relations[1]!.values, 12, 11);
  expect(row[11]).toBeCloseTo(0);
  expect(row[8]).toBeCloseTo(-3 * picture.slopes[1]!);
});

test("the bias of T5 is the weight of the bucket of the distance", () => {
  const picture = draw({ encoding: "t5", heads: 2 });
  if (picture.encoding !== "t5") throw new Error("another encoding");
  const bucket = picture.buckets[2 - 9 + 11]!;
  expect(picture.relations[1]!.values[9 * 12 + 2]).toBeCloseTo(picture.weight[bucket * 2 + 1]!, 5);
});

test("denseFirst selects the first indices densely, and the last and the chosen one", () => {
  expect(denseFirst(3, 5, 1)).toEqual([0, 1, 2]);
  const list = denseFirst(32, 8, 20);
  expect(list).toHaveLength(8);
  expect(new Set(list).size).toBe(8);
  expect(list).toEqual(expect.arrayContaining([0, 20, 31]));
  expect(list.slice(0, 3)).toEqual([0, 1, 2]);
});
