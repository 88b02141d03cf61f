import { memory } from "@tensorflow/tfjs-core";
import { fusedBackendNames, useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, test } from "vitest";
import { tinyModel } from "../../reading/testing/tiny-models.js";
import { generationOf } from "./measure-generation.js";

const going = { step: async () => true };

beforeAll(() => useBackend(fusedBackendNames[0]!));

test("a model writes until it is full, and every token after the first is timed", async () => {
  const figures = (await generationOf(tinyModel("gpt2"), "a b c", going))!;
  expect(figures).toMatchObject({ promptTokens: 3, newTokens: 13, nextToken: { runs: 12 } });
  expect(figures.tokensPerSecond).toBeCloseTo(1000 / figures.nextToken.median, 6);
});

test("a text that fills the model is cut, so that there is room to write", async () => {
  const text = "abcdefghij".repeat(3).split("").join(" ");
  expect(await generationOf(tinyModel("gpt2"), text, going)).toMatchObject({ promptTokens: 8, newTokens: 8 });
});

test("an encoder-decoder writes after its start token", async () => {
  const opened = tinyModel("t5");
  const before = memory().numTensors;
  expect(await generationOf(opened, "a b c", going)).toMatchObject({ promptTokens: 4, newTokens: 48 });
  expect(memory().numTensors).toBe(before);
});

test("a cancel stops writing, with no tensor left", async () => {
  const opened = tinyModel("llama");
  const before = memory().numTensors;
  const done: number[] = [];
  const port = { step: async (_what: string, count: number) => done.push(count) < 2 };
  expect(await generationOf(opened, "a b c", port)).toBeUndefined();
  expect(done).toEqual([1, 9]);
  expect(memory().numTensors).toBe(before);
});

test("a model that fills gaps does not write", async () => {
  await expect(generationOf(tinyModel("bert"), "a b", going)).rejects.toThrow(/does not write text, so it has no tokens per second/);
});
