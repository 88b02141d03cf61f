import { expect, test } from "vitest";
import type { MaskSpec } from "../../reading/mask-spec.js";
import type { PositionPrediction, PredictionsReading, WeightMap } from "../../reading/readings.js";
import { effectWords } from "./effect-words.js";
import type { MaskedReading, MaskEffect } from "./mask-effect.js";
import { open } from "./presets.js";
import { keptAttention } from "./read-effect.js";

const decoder = { shape: "decoder" } as const;
const causal: MaskSpec = { ...open, causal: true };

/** A reading whose head may look at these of two cells. */
function reading(meanLoss: number | null, likeliest: readonly number[], allowed: readonly number[] = [1, 1]): MaskedReading {
  const positions = likeliest.map((id): PositionPrediction => ({ top: [{ id, text: String(id), probability: 0.5 }], actual: null }));
  return {
    head: { map: { allowed: Uint8Array.from(allowed) } } as MaskedReading["head"],
    predictions: { positions, meanLoss } as PredictionsReading,
  };
}

function effectOf(kept: number | null, before: number, after: number, likeliest: readonly number[] = [1, 2]): MaskEffect {
  return { own: reading(before, [1, 2]), changed: reading(after, likeliest, [1, 0]), kept };
}

test("the model's own mask changes nothing", () => {
  const same: MaskEffect = { own: reading(2, [1, 2]), changed: reading(2, [1, 2]), kept: 1 };
  expect(effectWords(same, causal, decoder)).toEqual([expect.stringMatching(/own mask, so nothing changes/)]);
  expect(effectWords({ ...same, changed: reading(2.5, [1, 2]) }, causal, decoder)).not.toHaveLength(1); // another layer has another mask
  expect(effectWords(effectOf(1, 2, 2), causal, decoder)).not.toHaveLength(1);
});

test("a loss that falls because the future is visible is called cheating", () => {
  const words = effectWords(effectOf(1, 2.4, 0.3), open, decoder);
  expect(words).toEqual([
    "The mask hides nothing that this head looked at.",
    "The loss falls from 2.40 to 0.300.",
    expect.stringMatching(/^That is cheating, not skill/),
    "The likeliest token stays the same at every position.",
  ]);
});

test("a loss that rises tells whether the future disturbs or something needed is hidden", () => {
  expect(effectWords(effectOf(1, 2, 3), open, decoder).join(" ")).toMatch(/never saw a future in training/);
  const windowed = { ...causal, window: { before: 1, after: 0 } };
  expect(effectWords(effectOf(0.25, 2, 3, [1, 9]), windowed, decoder)).toEqual([
    "The mask hides 75 % of what this head looked at; the rest of each row grows to sum to 1 again.",
    "The loss rises from 2.00 to 3.00.",
    "What the mask hides was needed here.",
    "The likeliest token changes at 1 of 2 positions.",
  ]);
});

test("a mask that hides everything, and a model without predictions, have their own words", () => {
  const blind: MaskEffect = {
    own: { ...reading(null, []), predictions: null },
    changed: { ...reading(null, [], [0, 0]), predictions: null },
    kept: null,
  };
  expect(effectWords(blind, { ...open, padding: 9 }, { shape: "encoder" })).toEqual([
    "No query of this head may look at anything any more.",
  ]);
  expect(effectWords(effectOf(0.999, 2, 2.001), { ...causal, padding: 1 }, decoder)).toContain("The loss stays at 2.00.");
});

test("kept attention is the mean over the queries of their weights on keys that stay visible", () => {
  const own: WeightMap = {
    rows: 3,
    columns: 3,
    values: Float32Array.of(1, 0, 0, 0.25, 0.75, 0, 0.5, 0.25, 0.25),
    allowed: Uint8Array.of(1, 0, 0, 1, 1, 0, 1, 1, 1),
  };
  const diagonal: WeightMap = { ...own, allowed: Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) };
  expect(keptAttention(own, diagonal)).toBeCloseTo((1 + 0.75 + 0.25) / 3, 6);
  expect(keptAttention(own, own)).toBeCloseTo(1, 6);
  expect(keptAttention(own, { ...own, allowed: new Uint8Array(9) })).toBeNull();
  expect(keptAttention(own, { ...own, rows: 2 })).toBeNull();
});
