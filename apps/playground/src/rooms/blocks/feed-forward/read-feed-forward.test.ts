import { memory, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { replaceParts } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { type LanguageModel, TransformerLayer } from "@tfblocks/transformer";
import { beforeAll, describe, expect, test } from "vitest";
import { readStages } from "../../../reading/read-stages.js";
import { Run } from "../../../reading/run.js";
import { inputOf, tinyFamilies, tinyModel } from "../../../reading/testing/tiny-models.js";
import type { FeedForwardNumbers } from "./picture.js";
import { readFeedForward } from "./read-feed-forward.js";

beforeAll(() => useBackend("wasm"));

const text = "a b c a b";
const valuesOf = ({ stages }: FeedForwardNumbers, name: string) => stages.find((each) => each.name === name)!.values;

describe.each(tinyFamilies)("the feed-forward network of a random %s", (family) => {
  test("has the numbers that the layer computes, and all tensors are freed", async () => {
    const opened = tinyModel(family);
    const run = new Run(opened, inputOf(family, text));
    const before = memory().numTensors;
    for (const { kind } of opened.info.stacks) {
      const block = await readFeedForward(run, { kind, layer: 1 });
      if ("absent" in block) throw new Error(block.absent);
      const { picture } = block;
      const { stages } = await readStages(run, kind, 1);
      const read = (part: string, side: string) => stages.find((each) => each.part === part && each.side === side)!.values;
      expect(valuesOf(picture, "hidden")).toEqual(read("feedForward.down", "input"));
      expect(valuesOf(picture, "down")).toEqual(read("feedForward", "output"));
      const factor = picture.isGated ? valuesOf(picture, "up") : new Float32Array(picture.active.length).fill(1);
      for (const [at, value] of valuesOf(picture, "hidden").entries()) expect(picture.active[at]! * factor[at]!).toBeCloseTo(value, 5);
      expect(picture.units).toHaveLength(picture.tokens.length);
    }
    expect(memory().numTensors).toBe(before);
    run.dispose();
  });
});

test.each([
  ["llama", "a gated network: vectors of 16 numbers, 20 hidden units, the activation SiLU (Swish), 960 parameters"],
  ["gpt2", "a plain network without a gate: vectors of 12 numbers, 48 hidden units, the activation GELU (tanh), 1,212 parameters"],
] as const)("the words about %s tell its form, sizes and activation", async (family, words) => {
  const run = new Run(tinyModel(family), inputOf(family, text));
  const block = await readFeedForward(run, { kind: "self", layer: 0 });
  expect("about" in block && block.about).toBe(`This layer has ${words}.`);
  run.dispose();
});

test("a network whose output is 0 adds nothing", async () => {
  const opened = tinyModel("gpt2");
  for (const [name, parameter] of Object.entries(opened.model.parameters())) {
    if (name.startsWith("layers.0.feedForward.down")) zero(parameter);
  }
  const run = new Run(opened, inputOf("gpt2", text));
  expect(await readFeedForward(run, { kind: "self", layer: 0 })).toEqual({
    absent:
      "The feed-forward network of this layer adds nothing: it has 48 hidden units, and its output is 0 for every token of this text. Choose another model to see one at work.",
  });
  expect(await readFeedForward(run, { kind: "self", layer: 1 })).toHaveProperty("picture");
  run.dispose();
});

test("a layer of attention alone has no network", async () => {
  const opened = tinyModel("gpt2");
  const model = replaceParts(opened.model as LanguageModel, "layers.0", (layer: TransformerLayer) => {
    const { attention, attentionNorm, mask } = layer;
    return new TransformerLayer({ attention, attentionNorm, mask });
  });
  const run = new Run({ ...opened, model }, inputOf("gpt2", text));
  const block = await readFeedForward(run, { kind: "self", layer: 0 });
  expect(block).toEqual({ absent: "This layer has no feed-forward network: it consists of attention alone." });
  run.dispose();
});

function zero(parameter: { readonly shape: number[]; assign: (value: Tensor) => void }): void {
  parameter.assign(use(zeros(parameter.shape)));
}
