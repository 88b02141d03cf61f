import { memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { recipeOf } from "@tfblocks/zoo";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, test } from "vitest";
import { completePrompt } from "./complete-prompt.js";
import type { SessionEvent } from "./session-event.js";
import { TrainingSession } from "./training-session.js";

const order = { recipe: "induction", steps: 4, seed: 0 };

beforeAll(() => useBackend("wasm"));

test("a training reports its steps, snapshots and end, and leaving it frees all tensors", async () => {
  const before = memory().numTensors;
  const events: SessionEvent[] = [];
  const session = new TrainingSession(order, (event) => events.push(event));
  await session.run();
  const steps = events.flatMap((event) => (event.type === "steps" ? event.points.map(({ step }) => step) : []));
  expect(steps).toEqual([1, 2, 3, 4]);
  const taken = events.flatMap((event) => (event.type === "snapshot" ? [event] : []));
  expect(taken.map(({ snapshot }) => snapshot.step)).toEqual([0, 1, 2, 3, 4]);
  expect(taken.at(-1)!.metrics.map(({ target }) => target)).toContain(0.1);
  expect(taken[0]!.snapshot.layers).toHaveLength(2);
  expect(events.at(-1)).toEqual({ type: "ended", finished: true });
  session.leave();
  expect(session.model).toBeUndefined();
  expect(memory().numTensors).toBe(before);
});

test("a paused training takes no step until it resumes, and a stopped one keeps its model", async () => {
  const before = memory().numTensors;
  let taken = 0;
  const session = new TrainingSession({ ...order, steps: 1000 }, (event) => {
    if (event.type === "snapshot" && event.snapshot.step > 0) return;
    if (event.type === "steps" && ++taken === 1) session.pause();
  });
  const run = session.run();
  await waitUntil(() => taken === 1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(taken).toBe(1);
  session.resume();
  await waitUntil(() => taken > 1);
  session.stop();
  await run;
  expect(session.model).toBeDefined();
  session.leave();
  expect(memory().numTensors).toBe(before);
});

test("leaving during a step frees the model after the step", async () => {
  const before = memory().numTensors;
  const session = new TrainingSession({ ...order, steps: 1000 }, () => undefined);
  const run = session.run();
  await new Promise((resolve) => setTimeout(resolve, 50));
  session.leave();
  await run;
  expect(memory().numTensors).toBe(before);
});

test.each(["induction", "reverse"])("the model of %s completes its example prompt and frees all other tensors", async (name) => {
  const recipe = recipeOf(name);
  const before = memory().numTensors;
  const model = recipe.build(new Random(0));
  const held = memory().numTensors;
  expect(typeof (await completePrompt(model, recipe, recipe.probe.text))).toBe("string");
  await expect(completePrompt(model, recipe, "")).rejects.toThrow(/at least one token/);
  await expect(completePrompt(model, recipe, "§")).rejects.toThrow(/vocabulary/);
  expect(memory().numTensors).toBe(held);
  model.dispose();
  expect(memory().numTensors).toBe(before);
});

async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
