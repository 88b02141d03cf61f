import { memory } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
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

/** The pictures that the answers of `questions.ts` are about, with the sizes that a reader starts with. */
describe("the answers to the questions are true", () => {
  const show = <Name extends PositionSettings["encoding"]>(encoding: Name, change: Partial<PositionSettings> = {}) =>
    computePositions({ ...positionLink.defaults, encoding, ...change }) as Extract<ReturnType<typeof computePositions>, { encoding: Name }>;

  test("of sinusoids: base 100 leaves the first two columns, and rows 0 and 60 differ", () => {
    const [before, after] = [show("sinusoids"), show("sinusoids", { theta: 100 })];
    const at = (picture: typeof before, row: number, column: number) => picture.values[row * picture.width + column]!;
    const changed = Array.from({ length: before.width }, (_, column) =>
      Array.from({ length: before.length }, (__, row) => Math.abs(at(before, row, column) - at(after, row, column))).some(
        (each) => each > 0.01,
      ),
    );
    expect(changed).toEqual(changed.map((_, column) => column > 1));
    expect(Math.max(...changed.map((_, column) => Math.abs(at(after, 0, column) - at(after, 60, column))))).toBeGreaterThan(0.5);
  });

  test("of RoPE: YaRN slows the last pairs by 4 and leaves the first; a larger theta raises distant scores", () => {
    const [plain, scaled] = [show("rotary").frequencies, show("rotary", { scaling: "yarn", factor: 4 }).frequencies];
    expect(scaled[0]! / plain[0]!).toBeCloseTo(1, 5);
    expect(scaled.at(-1)! / plain.at(-1)!).toBeCloseTo(0.25, 5);
    const distant = [100, 10_000, 500_000].map((theta) => show("rotary", { theta }).relations[0]!.values.slice(30, 60));
    const means = distant.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
    expect(means).toEqual(means.toSorted((a, b) => a - b));
  });

  test("of ALiBi: six heads, and the distances at which eight lower a score by 4", () => {
    expect([...show("alibi", { heads: 6 }).slopes].toSorted((a, b) => b - a)).toEqual([1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 64, 1 / 256]);
    expect([...show("alibi", { heads: 8 }).slopes].map((slope) => 4 / slope)).toEqual([8, 16, 32, 64, 128, 256, 512, 1024]);
  });

  test("of T5: later keys fall into bucket 0, and the last bucket begins a little below the maximum distance", () => {
    const later = ({ buckets, length }: { readonly buckets: Int32Array; readonly length: number }) => [...buckets.subarray(length)];
    expect(new Set(later(show("t5", { bidirectional: false })))).toEqual(new Set([0]));
    const starts = [32, 48].map((maxDistance) => {
      const buckets = later(show("t5", { maxDistance }));
      return 1 + buckets.indexOf(Math.max(...buckets));
    });
    expect(starts[0]).toBeGreaterThan(16);
    expect(starts[0]).toBeLessThanOrEqual(32);
    expect(starts[1]).toBeGreaterThan(starts[0]!);
    expect(starts[1]).toBeLessThanOrEqual(48);
  });
});
