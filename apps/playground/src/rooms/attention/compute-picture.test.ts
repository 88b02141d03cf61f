import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { buildMask } from "./build-mask.js";
import { checkPicture } from "./checks.js";
import { computeNumbers } from "./compute-numbers.js";
import { computePicture } from "./compute-picture.js";
import type { AttentionPicture } from "./picture.js";
import { headVector, readCell, rowValues, topKeys } from "./read-cell.js";
import { readTokens } from "./read-tokens.js";
import { type AttentionSettings, defaultSettings } from "./settings.js";

function draw(change: Partial<AttentionSettings> = {}): AttentionPicture {
  const settings = { ...defaultSettings, dModel: 16, heads: 2, text: "the cat sat", ...change };
  const tokens = readTokens(settings);
  if (!tokens.ok) throw new Error(tokens.failure.sentence);
  return computePicture(settings, tokens.result, buildMask(settings, tokens.result.keyTokens.length));
}

test.each([
  {},
  { order: "causal" as const },
  { kind: "cross" as const, keyText: "a b c d e" },
  { padding: 2 },
  { window: true, left: 0, right: 0 },
])("the checks pass and all tensors are freed: %o", (change) => {
  const before = memory().numTensors;
  const picture = draw(change);
  expect(checkPicture(picture).filter(({ passed }) => !passed)).toEqual([]);
  expect(memory().numTensors).toBe(before);
  expect(picture.liveTensors).toBe(before);
});

test("a call that fails frees its tensors too", () => {
  const before = memory().numTensors;
  expect(() => draw({ heads: 3 })).toThrow(/divisible by numHeads = 3/);
  expect(memory().numTensors).toBe(before);
});

test("the raw score of a cell is the dot product of its vectors, and the scaled score is the raw score / √headDim", () => {
  const picture = draw();
  const [query, key] = [headVector(picture, picture.queries, 2, 1), headVector(picture, picture.keys, 0, 1)];
  const product = query.reduce((sum, value, dim) => sum + value * key[dim]!, 0);
  const cell = readCell(picture, 1, { query: 2, key: 0 });
  expect(cell.raw).toBeCloseTo(product, 4);
  expect(cell.scaled).toBeCloseTo(product / Math.sqrt(8), 4);
});

test("a masked cell has a score but no weight, and does not count as an allowed key", () => {
  const cell = readCell(draw({ order: "causal" }), 0, { query: 1, key: 2 });
  expect(cell).toMatchObject({ allowed: false, weight: 0, allowedKeys: 2 });
  expect(cell.raw).not.toBe(0);
});

test("topKeys lists the strongest keys first and leaves out masked keys", () => {
  const keys = topKeys(draw({ order: "causal" }), 0, 1, 5);
  expect(keys.map(({ key }) => key).toSorted((a, b) => a - b)).toEqual([0, 1]);
  expect(keys[0]!.weight).toBeGreaterThanOrEqual(keys[1]!.weight);
});

test("topKeys gives the same keys as sorting the row", () => {
  const picture = draw({ text: "one two three two five six two", order: "causal" });
  for (let query = 0; query < 7; query++) {
    const weights = Array.from(rowValues(picture, "probabilities", 1, query), (weight, key) => ({ key, weight }));
    const sorted = weights.slice(0, query + 1).toSorted((a, b) => b.weight - a.weight || a.key - b.key);
    expect(topKeys(picture, 1, query, 3)).toEqual(sorted.slice(0, 3));
  }
});

test("fully masked rows are counted", () => {
  const picture = draw({ text: "a", padding: 1, window: true, left: 0, right: 0 });
  const [rows] = checkPicture(picture);
  expect(rows).toMatchObject({ passed: true, evidence: expect.stringContaining("2 fully masked") as string });
});

test("the heads are measured under the mask", () => {
  const picture = draw({ order: "causal" });
  const numbers = computeNumbers({ ...picture, weights: picture.stages.probabilities });
  expect(numbers.perHead).toHaveLength(2);
  for (const { normalizedEntropy } of numbers.perHead) expect(normalizedEntropy).toBeGreaterThan(0);
  expect(numbers.diversity).toBeGreaterThan(0);
});

test("the numbers are undefined, not zero, when every row has a single key", () => {
  const picture = draw({ text: "alone" });
  expect(computeNumbers({ ...picture, weights: picture.stages.probabilities }).perHead[0]).toMatchObject({
    normalizedEntropy: null,
    difference: null,
  });
});
