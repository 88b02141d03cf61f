import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, test } from "vitest";
import { planOf } from "./plan-of.js";
import type { RunEvent } from "./run-record.js";
import { type RunSettings, textDefaults } from "./run-settings.js";
import { RunStore } from "./run-store.js";
import { MemoryTables } from "./tables.js";
import { TrainingSession } from "./training-session.js";

const going = { step: () => Promise.resolve(true) };
const induction: RunSettings = { source: { kind: "recipe", recipe: "induction" }, steps: 6, batchSize: 4, learningRate: 3e-3, seed: 0 };
const reverse: RunSettings = { ...induction, source: { kind: "recipe", recipe: "reverse" }, steps: 2 };
const text: RunSettings = {
  ...induction,
  steps: 2,
  source: {
    kind: "text",
    text: "The cat sat on the mat, and the dog sat on the log. ".repeat(30),
    sizes: { ...textDefaults, tokens: "words", context: 16, vocabulary: 40 },
  },
};

beforeAll(() => useBackend("wasm"));

async function sessionOf(settings: RunSettings, store: RunStore, onEvent: (event: RunEvent, session: TrainingSession) => void = () => {}) {
  const plan = (await planOf(settings, going))!;
  const session: TrainingSession = new TrainingSession({
    key: "k",
    plan,
    seed: settings.seed,
    store,
    report: (event) => onEvent(event, session),
  });
  return session;
}

const newStore = () => new RunStore(new MemoryTables(), false);

test.each([
  ["induction", induction, ["self 0", "self 1"]],
  ["reverse", reverse, ["encoder 0", "encoder 1", "decoder 0", "cross 0", "decoder 1", "cross 1"]],
  ["a text", text, ["self 0", "self 1"]],
] as const)("a training of %s records its heads, and leaves no tensor", async (_name, settings, labels) => {
  const before = memory().numTensors;
  const [store, losses] = [newStore(), [] as number[]];
  const session = await sessionOf(
    settings,
    store,
    (event) => event.type === "steps" && losses.push(...event.points.map(({ step }) => step)),
  );
  const { attentions, parameters } = await session.begin();
  expect(attentions.map(({ kind, layer }) => `${kind} ${layer}`)).toEqual(labels);
  expect(parameters).toBeGreaterThan(1000);
  expect(await session.train()).toBe(true);
  expect(losses).toEqual(Array.from({ length: settings.steps }, (_, at) => at + 1));
  const records = await store.records("k");
  expect(records.map(({ step }) => step)).toEqual([0, ...losses]);
  for (const { heldOutLoss, sample, attentions: measured } of records) {
    expect(heldOutLoss).toBeGreaterThan(0);
    expect(typeof sample).toBe("string");
    for (const [at, { weights, heads: findings }] of measured.entries()) {
      const { heads, rowTokens, columnTokens, allowed } = attentions[at]!;
      expect(weights).toHaveLength(heads * rowTokens.length * columnTokens.length);
      expect(allowed).toHaveLength(rowTokens.length * columnTokens.length);
      expect(findings).toHaveLength(heads);
      expect(findings[0]!.metrics.find(({ name }) => name === "entropy")!.score).toBeGreaterThan(0);
    }
  }
  expect(records.at(-1)!.metrics.length).toBeGreaterThan(0);
  expect(memory().numTensors).toBe(before);
});

test("a stopped training resumes from its checkpoint, bit for bit", async () => {
  const [whole, parts] = [newStore(), newStore()];
  const one = await sessionOf(induction, whole);
  await one.begin();
  await one.train();
  const first = await sessionOf(induction, parts, (event, session) => event.type === "record" && event.record.step === 3 && session.stop());
  await first.begin();
  expect(await first.train()).toBe(false);
  expect(await parts.losses("k")).toHaveLength(3);
  expect(await (await sessionOf(induction, parts)).train()).toBe(true);
  expect(await parts.weights("k", 6)).toEqual(await whole.weights("k", 6));
  expect(await parts.losses("k")).toEqual(await whole.losses("k"));
  expect(await parts.records("k")).toEqual(await whole.records("k"));
});

test("a learning rate that is far too high makes the loss infinite, and the session says so", async () => {
  const before = memory().numTensors;
  const session = await sessionOf({ ...text, steps: 300, learningRate: 1000 }, newStore());
  await session.begin();
  await expect(session.train()).rejects.toThrow(/lower the learning rate/);
  expect(memory().numTensors).toBe(before);
});
