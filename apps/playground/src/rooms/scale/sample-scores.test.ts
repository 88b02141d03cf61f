import { measureScores } from "@tfblocks/analysis/scaling";
import { expect, test } from "vitest";
import { histogramOf } from "./histogram.js";
import { sampleScores } from "./sample-scores.js";
import { headDims, keyCounts, type ScaleSettings, scaleLink } from "./settings.js";

const settings: ScaleSettings = scaleLink.defaults;

test("the weights of the shown query are the softmax of its scores", () => {
  for (const scale of ["none", "1/sqrt(d)", "own"] as const) {
    const { row } = sampleScores({ ...settings, scale, row: 5 });
    expect(row.index).toBe(5);
    const powers = Array.from(row.scores, Math.exp);
    const total = powers.reduce((sum, power) => sum + power, 0);
    row.weights.forEach((weight, key) => expect(weight).toBeCloseTo(powers[key]! / total, 10));
  }
});

test("the measures are those of all scores, beside the theory", () => {
  const { measured, theory, scale, rows } = sampleScores({ ...settings, headDim: 64, scale: "none" });
  expect([scale, rows, theory.scoreVariance]).toEqual([1, 128, 64]);
  expect(measured.scoreVariance! / 64).toBeGreaterThan(0.85);
  expect(measured.scoreVariance! / 64).toBeLessThan(1.15);
  expect(sampleScores({ ...settings, scale: "1/sqrt(d)" }).scale).toBe(1 / 8);
});

test("a narrower head has the first numbers of the same vectors: the scores add up", () => {
  const one = sampleScores({ ...settings, headDim: 1, keys: 8 }).row.scores;
  const two = sampleScores({ ...settings, headDim: 2, keys: 8 }).row.scores;
  const again = sampleScores({ ...settings, headDim: 1, keys: 8, scale: "own", factor: 2 }).row.scores;
  one.forEach((score, key) => expect(again[key]).toBeCloseTo(2 * score, 12));
  expect([...two]).not.toEqual([...one]);
});

test.each(keyCounts)("every width has a sample with %i keys", (keys) => {
  for (const headDim of headDims) {
    const { row, rows, histogram } = sampleScores({ ...settings, headDim, keys, row: 9999 });
    expect(row.scores.length).toBe(keys);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(rows * keys);
  }
});

test("a soft cap bounds the scores, and its histogram has no normal curve", () => {
  const { measured, histogram } = sampleScores({ ...settings, softcap: 5 });
  expect(measured.largestScore).toBeLessThan(5);
  expect(histogram.normal).toBeNull();
});

test("a scale of 0 makes every weight the same", () => {
  const { row, measured, histogram } = sampleScores({ ...settings, scale: "own", factor: 0 });
  expect(Math.max(...row.weights) - Math.min(...row.weights)).toBe(0);
  expect(measured.normalizedEntropy!.mean).toBe(1);
  expect(histogram.normal).toBeNull();
});

test("a histogram counts every score once and reaches three standard deviations", () => {
  const scores = [-100, -0.1, 0, 0.1, 100];
  const { reach, counts, normal } = histogramOf(scores, 4, true);
  expect(reach).toBe(8);
  expect([counts[0], counts[20], counts[40]]).toEqual([1, 3, 1]);
  expect(normal!.reduce((sum, count) => sum + count, 0)).toBeCloseTo(5, 2);
});

test("the measures agree with measureScores of the shown numbers", () => {
  const { row } = sampleScores({ ...settings, keys: 16, headDim: 16 });
  const [alone] = measureScores(row.scores, [1, 1, 1, 16], { mask: null }).perHead;
  expect(alone!.maxWeight!.mean).toBeCloseTo(Math.max(...row.weights), 12);
});
