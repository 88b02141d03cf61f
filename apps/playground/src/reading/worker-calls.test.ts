import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { closeChosen } from "../models/open-models.js";
import { provideRunModels } from "../models/run-models.js";
import type { LayerReading } from "./readings.js";
import { taskPort } from "./testing/task-port.js";
import { inputOf, type TinyFamily, tinyModel } from "./testing/tiny-models.js";
import * as reading from "./worker-calls.js";

beforeAll(() => useBackend("wasm"));
afterEach(() => {
  reading.forget();
  closeChosen();
  provideRunModels(undefined);
});

const place = { kind: "self", layer: 1, head: 2 } as const;
const settings = { temperature: 1, topK: 3 };

/** An input whose model the page opens as one of its trainings. */
function offer(family: TinyFamily, text: string, edits: Parameters<typeof inputOf>[2] = {}) {
  const opened = tinyModel(family);
  provideRunModels({ list: async () => [], open: async () => opened });
  return inputOf(family, text, { model: `run-${family}-1`, ...edits });
}

/** The result of a call that must succeed. */
async function ok<Result>(
  outcome: Promise<{ readonly ok: true; readonly result: Result } | { readonly ok: false; readonly failure: unknown }>,
) {
  const settled = await outcome;
  expect(settled).toMatchObject({ ok: true });
  return (settled as { readonly result: Result }).result;
}

test("every call answers for a whole input, and nothing is left when it is forgotten", async () => {
  const input = offer("gpt2", "a b c a b");
  const before = memory().numTensors;
  expect((await ok(reading.tokens("", input))).tokens.map(({ text }) => text)).toEqual(["a", "b", "c", "a", "b"]);
  expect((await ok(reading.predictions("", input, settings))).positions.length).toBe(5);
  expect((await ok(reading.head("", input, place))).map.values.length).toBe(25);
  expect((await ok(reading.cell("", input, place, 3, 1))).weights.length).toBe(5);
  const seen: LayerReading[] = [];
  expect(await ok(reading.layers("", input, place, (layer) => void seen.push(layer), taskPort()))).toBe(2);
  expect(seen.map(({ layer }) => layer)).toEqual([1, 0, 1, 0]);
  expect((await ok(reading.similar("", input, taskPort())))!.places.length).toBe(6);
  expect((await ok(reading.lens("", input, taskPort())))!.cells.length).toBe(3);
  expect((await ok(reading.attribution("", input, 4))).position).toBe(4);
  expect((await ok(reading.ablations("", input, taskPort())))!.heads.length).toBe(6);
  expect((await ok(reading.generate("", input, { count: 2, temperature: 0, seed: 1 }, taskPort())))!.tokens.length).toBeLessThan(3);
  reading.forget();
  expect(memory().numTensors).toBe(before);
});

test("edits change the predictions", async () => {
  const edits = [{ kind: "ablate", part: "layers.0.attention", heads: [0, 1, 2], by: "zero" }] as const;
  const input = offer("llama", "a b c a b", { edits });
  const before = await ok(reading.predictions("", { ...input, edits: [] }, settings));
  const after = await ok(reading.predictions("", input, settings));
  expect(after.meanLoss).not.toBe(before.meanLoss);
});

test("arrays that were handed out do not come back: the same head can be read twice", async () => {
  const input = offer("gpt2", "a b c");
  const first = await ok(reading.head("", input, place));
  const second = await ok(reading.head("", input, place));
  expect(second.map.values.buffer).not.toBe(first.map.values.buffer);
  const layers: LayerReading[] = [];
  for (let round = 0; round < 2; round++) await ok(reading.layers("", input, place, (layer) => void layers.push(layer), taskPort()));
  const buffers = layers.flatMap(({ heads }) => heads.map(({ thumbnail }) => thumbnail.values.buffer));
  expect(new Set(buffers).size).toBe(buffers.length);
});

test.each([
  ["an empty text", "gpt2", " ", place, { field: "text", sentence: "The text is empty. Please enter some." }],
  [
    "a kind that the model has not",
    "gpt2",
    "a",
    { ...place, kind: "cross" },
    { field: "head", sentence: "This model has no cross-attention." },
  ],
  [
    "a layer beyond the model",
    "bert",
    "a",
    { ...place, layer: 9 },
    { field: "head", sentence: "There is no layer 9: the model has 2, counted from 0." },
  ],
  [
    "a head beyond the layer",
    "bert",
    "a",
    { ...place, head: 9 },
    { field: "head", sentence: "There is no head 9: this layer has 3, counted from 0." },
  ],
] as const)("%s is reported with an error message", async (_name, family, text, wrong, failure) => {
  expect(await reading.head("", offer(family, text), wrong)).toEqual({ ok: false, failure });
});

test("a cell beyond the map and a model that cannot be opened are reported", async () => {
  const input = offer("gpt2", "a b");
  const sentence = "There is no cell (0, 7): the map has 2 rows and 2 columns.";
  expect(await reading.cell("", input, place, 0, 7)).toEqual({ ok: false, failure: { field: "head", sentence } });
  const gone = await reading.head("", { ...input, model: "own-gone" }, place);
  expect(gone).toMatchObject({ ok: false, failure: { field: "model", sentence: expect.stringMatching(/^This model is made of files/) } });
});
