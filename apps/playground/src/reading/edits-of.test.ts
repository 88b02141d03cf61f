import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import type { EditSpec } from "./edit-spec.js";
import { readAttribution } from "./read-attribution.js";
import { readHead } from "./read-head.js";
import { readPredictions } from "./read-predictions.js";
import { Run } from "./run.js";
import { inputOf, type TinyFamily, tinyModel } from "./testing/tiny-models.js";

beforeAll(() => useBackend("wasm"));

const text = "a b c a b d e";
const mask = { causal: true, prefix: 0, window: null, padding: 0, documents: [] };

/** The probabilities of the likeliest tokens at each position, with edits. */
async function probabilities(family: TinyFamily, edits: readonly EditSpec[], words = text): Promise<number[][]> {
  const run = new Run(tinyModel(family), inputOf(family, words, { edits }));
  try {
    const { positions } = await readPredictions(run, { temperature: 1, topK: 13 });
    return positions.map(({ top }) => top.toSorted((a, b) => a.id - b.id).map(({ probability }) => probability));
  } finally {
    run.dispose();
  }
}

function expectClose(a: readonly number[][], b: readonly number[][]): void {
  expect(a.length).toBe(b.length);
  a.flat().forEach((value, at) => expect(value).toBeCloseTo(b.flat()[at]!, 5));
}

function furthest(a: readonly number[][], b: readonly number[][]): number {
  return Math.max(...a.flat().map((value, at) => Math.abs(value - b.flat()[at]!)));
}

const all = [0, 1, 2];

describe("edits that have the same effect", () => {
  test("a factor of 0 is an ablation, and one of 1 is no edit", async () => {
    const plain = await probabilities("gpt2", []);
    const ablated = await probabilities("gpt2", [{ kind: "ablate", part: "layers.0.attention", heads: [1], by: "zero" }]);
    expectClose(await probabilities("gpt2", [{ kind: "scale", part: "layers.0.attention", heads: [1], factor: 0 }]), ablated);
    expectClose(await probabilities("gpt2", [{ kind: "scale", part: "layers.0.attention", heads: [1], factor: 1 }]), plain);
    expect(furthest(ablated, plain)).toBeGreaterThan(0.001);
  });

  test("a patch of both streams is the other text, and of the same text nothing", async () => {
    const other = "b b d a c d e";
    const edits: EditSpec[] = [{ kind: "patch", part: "layers.1", from: other }];
    expectClose(await probabilities("gpt2", edits), await probabilities("gpt2", [], other));
    expectClose(await probabilities("gpt2", [{ kind: "patch", part: "layers.1", from: text }]), await probabilities("gpt2", []));
    const last = await probabilities("gpt2", [{ kind: "patch", part: "layers.1", positions: [6], from: other }]);
    expectClose(last.slice(6), (await probabilities("gpt2", [], other)).slice(6));
    expectClose(last.slice(0, 6), (await probabilities("gpt2", [])).slice(0, 6));
  });

  test("positions can be patched from a text of another length", async () => {
    const edits: EditSpec[] = [{ kind: "patch", part: "layers.0.attention", heads: all, positions: [1, 2], from: "b b c" }];
    expect(furthest(await probabilities("gpt2", edits), await probabilities("gpt2", []))).toBeGreaterThan(0.0001);
  });

  test("attention that is frozen on the same text changes nothing, on another one it does", async () => {
    const plain = await probabilities("llama", []);
    expectClose(await probabilities("llama", [{ kind: "freeze", part: "layers.1.attention", from: text }]), plain);
    const frozen = await probabilities("llama", [{ kind: "freeze", part: "layers.1.attention", from: "b b d a c d e" }]);
    expect(furthest(frozen, plain)).toBeGreaterThan(0.00001);
  });

  test("steering toward and away from the same text changes nothing", async () => {
    const steer = { kind: "steer", part: "layers.0", strength: 3 } as const;
    const plain = await probabilities("gpt2", []);
    expectClose(await probabilities("gpt2", [{ ...steer, toward: "a b", away: "a b" }]), plain);
    expect(furthest(await probabilities("gpt2", [{ ...steer, toward: "a a", away: "j j" }]), plain)).toBeGreaterThan(0.001);
  });

  test("a causal mask of a causal model changes nothing, and an open one lets it see later tokens", async () => {
    const plain = await probabilities("gpt2", []);
    expectClose(await probabilities("gpt2", [{ kind: "mask", mask }]), plain);
    const open = await probabilities("gpt2", [{ kind: "mask", mask: { ...mask, causal: false } }]);
    expect(furthest(open.slice(0, 1), plain.slice(0, 1))).toBeGreaterThan(0.0001);
  });

  test("padding hides the end of the text from the decoder of an encoder-decoder", async () => {
    const padded = { ...mask, causal: false, padding: 2 };
    const run = new Run(tinyModel("t5"), inputOf("t5", text, { edits: [{ kind: "mask", mask: padded }] }));
    for (const kind of ["encoder", "cross"] as const) {
      const { map } = await readHead(run, { kind, layer: 1, head: 0 });
      const row = [...map.allowed.subarray(0, map.columns)];
      expect(row).toEqual([1, 1, 1, 1, 1, 1, 0, 0]);
    }
    const { map } = await readHead(run, { kind: "decoder", layer: 0, head: 0 });
    expect([...map.allowed.subarray(0, 4)]).toEqual([1, 0, 0, 0]);
    run.dispose();
  });
});

test("frozen heads show the weights of the other text, also when all are frozen", async () => {
  const other = "b b d a c d e";
  const edits: EditSpec[] = [0, 1].map((layer) => ({ kind: "freeze", part: `layers.${layer}.attention`, from: other }));
  const opened = tinyModel("gpt2");
  const [frozen, plain] = [new Run(opened, inputOf("gpt2", text, { edits })), new Run(opened, inputOf("gpt2", other))];
  const place = { kind: "self", layer: 1, head: 2 } as const;
  expect((await readHead(frozen, place)).map).toEqual((await readHead(plain, place)).map);
  frozen.dispose();
  plain.dispose();
});

test("edits of heads can be attributed, edits of a layer cannot", async () => {
  const opened = tinyModel("gpt2");
  const heads = new Run(opened, inputOf("gpt2", text, { edits: [{ kind: "ablate", part: "layers.0.attention", heads: [0], by: "mean" }] }));
  const { components, logit } = await readAttribution(heads, 3);
  expect(components.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(logit, 4);
  heads.dispose();
  const layer = new Run(opened, inputOf("gpt2", text, { edits: [{ kind: "patch", part: "layers.0", from: "b b d a c d e" }] }));
  await expect(readAttribution(layer, 3)).rejects.toThrow("the logit is no longer the sum");
  layer.dispose();
});

const wrong: [string, EditSpec, RegExp][] = [
  [
    "a part that does not exist",
    { kind: "scale", part: "layers.9.attention", heads: [], factor: 1 },
    /“layers.9.attention”, which this model/,
  ],
  ["a head that does not exist", { kind: "ablate", part: "layers.0.attention", heads: [7], by: "zero" }, /L0·H7.*has 3 heads/],
  [
    "heads of a network",
    { kind: "ablate", part: "layers.0.feedForward", heads: [1], by: "zero" },
    /“layers.0.feedForward”, which has none/,
  ],
  ["a text of another length", { kind: "patch", part: "layers.0", from: "a b" }, /“a b” has 2 tokens and your text has 7/],
  ["a position beyond the text", { kind: "patch", part: "layers.0", positions: [9], from: text }, /token 9, but the text has only 7/],
  [
    "a position beyond the other text",
    { kind: "patch", part: "layers.0", positions: [2], from: "a b" },
    /token 2, but the text has only 2/,
  ],
  [
    "an empty text",
    { kind: "steer", part: "layers.0", toward: "", away: "a", strength: 1 },
    /other text of a change cannot be read: The text is empty/,
  ],
  ["an attention that does not exist", { kind: "freeze", part: "layers.0", from: text }, /attention “layers.0”, which this model/],
];

test.each(wrong)("%s is a sentence, and leaves nothing behind", (_name, edit, sentence) => {
  const opened = tinyModel("gpt2");
  const before = memory().numTensors;
  const good: EditSpec = { kind: "steer", part: "layers.0", toward: "a", away: "b", strength: 1 };
  expect(() => new Run(opened, inputOf("gpt2", text, { edits: [good, edit] }))).toThrow(sentence);
  expect(memory().numTensors).toBe(before);
});

test("every kind of edit frees what it needs", () => {
  const other = "b b d a c d e";
  const edits: EditSpec[] = [
    { kind: "ablate", part: "layers.0.attention", heads: [0], by: "mean" },
    { kind: "ablate", part: "layers.0.feedForward", heads: [], by: "zero" },
    { kind: "scale", part: "layers.0.attention", heads: all, factor: 0.5 },
    { kind: "patch", part: "layers.1.attention", heads: [1], positions: [2], from: other },
    { kind: "steer", part: "layers.0", toward: "a b", away: "c", strength: 1 },
    { kind: "freeze", part: "layers.1.attention", from: other },
    { kind: "mask", mask },
  ];
  const opened = tinyModel("gpt2");
  const before = memory().numTensors;
  new Run(opened, inputOf("gpt2", text, { edits })).dispose();
  expect(memory().numTensors).toBe(before);
});
