import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, test } from "vitest";
import { readHead } from "./read-head.js";
import { streamLayers } from "./read-layers.js";
import type { LayerReading } from "./readings.js";
import type { Run } from "./run.js";
import { Runs } from "./runs.js";
import { taskPort } from "./testing/task-port.js";
import { inputOf, tinyModel } from "./testing/tiny-models.js";

beforeAll(() => useBackend("wasm"));

const ablated = { edits: [{ kind: "ablate", part: "layers.0.attention", heads: [0], by: "zero" }] } as const;
const itself = (run: Run): Run => run;

test("a text is run once, and once with its edits; another text frees both", async () => {
  const [opened, runs] = [tinyModel("gpt2"), new Runs()];
  const before = memory().numTensors;
  const input = inputOf("gpt2", "a b c");
  const plain = await runs.read(opened, input, itself);
  const edited = await runs.read(opened, { ...input, ...ablated }, itself);
  const held = memory().numTensors;
  expect(await runs.read(opened, { ...input }, itself)).toBe(plain);
  expect(await runs.read(opened, { ...input, edits: structuredClone(ablated.edits) as never }, itself)).toBe(edited);
  expect(memory().numTensors).toBe(held);
  const other = { edits: [{ ...ablated.edits[0], heads: [1] }] };
  expect(await runs.read(opened, { ...input, ...other }, itself)).not.toBe(edited);
  expect(edited.isOutdated).toBe(true);
  expect(memory().numTensors).toBe(held);
  await runs.read(opened, inputOf("gpt2", "a b"), itself);
  expect(plain.isOutdated).toBe(true);
  runs.clear();
  expect(memory().numTensors).toBe(before);
});

test("a run that is being read is freed after the reading", async () => {
  const [opened, runs] = [tinyModel("gpt2"), new Runs()];
  const before = memory().numTensors;
  const place = { kind: "self", layer: 1, head: 0 } as const;
  const first = runs.read(opened, inputOf("gpt2", "a b c"), (run) => readHead(run, place));
  const second = runs.read(opened, inputOf("gpt2", "a b c d"), (run) => readHead(run, place));
  await expect(first).rejects.toThrow("The text has changed meanwhile");
  expect((await second).map.rows).toBe(4);
  runs.clear();
  expect(memory().numTensors).toBe(before);
});

test("a text that cannot be read leaves nothing behind", async () => {
  const [opened, runs] = [tinyModel("gpt2"), new Runs()];
  const before = memory().numTensors;
  await expect(runs.read(opened, inputOf("gpt2", ""), itself)).rejects.toThrow("The text is empty");
  expect(memory().numTensors).toBe(before);
});

test("layers come with thumbnails first, those of the chosen kind before the others, then with scores", async () => {
  const [opened, runs] = [tinyModel("t5"), new Runs()];
  const seen: LayerReading[] = [];
  const count = await runs.read(opened, inputOf("t5", "a b c"), (run) =>
    streamLayers(run, { kind: "cross", layer: 1 }, (layer) => void seen.push(layer), taskPort()),
  );
  expect(count).toBe(6);
  const names = seen.map(({ kind, layer, isMeasured }) => `${kind} ${layer}${isMeasured ? " measured" : ""}`);
  const order = ["cross 1", "cross 0", "encoder 0", "encoder 1", "decoder 0", "decoder 1"];
  expect(names).toEqual([...order, ...order.map((name) => `${name} measured`)]);
  for (const { heads, isMeasured, rowTokens, columnTokens } of seen) {
    expect(heads.length).toBe(3);
    expect(heads[0]!.metrics.length > 0).toBe(isMeasured);
    expect([heads[0]!.thumbnail.rows, heads[0]!.thumbnail.columns]).toEqual([rowTokens.length, columnTokens.length]);
  }
  const port = taskPort(3);
  const cancelled = await runs.read(opened, inputOf("t5", "a b c"), (run) =>
    streamLayers(run, { kind: "cross", layer: 1 }, () => {}, port),
  );
  expect(cancelled).toBeUndefined();
  expect(port.steps.length).toBe(3);
  runs.clear();
});
