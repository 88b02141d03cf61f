import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { readStages } from "./read-stages.js";
import type { LayerStage } from "./readings.js";
import { Run } from "./run.js";
import { inputOf, tinyFamilies, tinyModel } from "./testing/tiny-models.js";

beforeAll(() => useBackend("wasm"));

const stageOf = (stages: readonly LayerStage[], part: string, side: LayerStage["side"]): LayerStage =>
  stages.find((each) => each.part === part && each.side === side)!;

describe.each(tinyFamilies)("the stages of a layer of a random %s", (family) => {
  test("each layer starts with what the one before it ends with", async () => {
    const opened = tinyModel(family);
    const run = new Run(opened, inputOf(family, "a b c a b"));
    const before = memory().numTensors;
    for (const { kind } of opened.info.stacks) {
      const [first, second] = [await readStages(run, kind, 0), await readStages(run, kind, 1)];
      expect(first.stages[0]).toMatchObject({ part: "", side: "input" });
      expect(first.stages.at(-1)).toMatchObject({ part: "", side: "output" });
      expect(first.stages.at(-1)!.values).toEqual(second.stages[0]!.values);
      for (const { values, tokens, columns, min, mean, max } of first.stages) {
        expect(values).toHaveLength(tokens.length * columns);
        expect(min).toBe(Math.min(...values));
        expect(max).toBe(Math.max(...values));
        expect(mean).toBeCloseTo(values.reduce((sum, each) => sum + each, 0) / values.length, 5);
      }
    }
    expect(memory().numTensors).toBe(before);
    run.dispose();
  });
});

test("in a post-norm layer each norm reads the sum of the stream and what a part adds", async () => {
  const run = new Run(tinyModel("bert"), inputOf("bert", "a b c a b"));
  const { stages } = await readStages(run, "self", 0);
  const valuesOf = (part: string, side: LayerStage["side"]) => stageOf(stages, part, side).values;
  for (const [stream, part] of [
    [valuesOf("", "input"), "attention"],
    [valuesOf("attentionNorm", "output"), "feedForward"],
  ] as const) {
    const [added, sum] = [valuesOf(part, "output"), valuesOf(`${part}Norm`, "input")];
    for (const [cell, value] of sum.entries()) expect(value).toBeCloseTo(stream[cell]! + added[cell]!, 5);
  }
  run.dispose();
});

test("a network beside attention reads the stream before the layer, which is not listed again", async () => {
  const run = new Run(tinyModel("gptNeoX"), inputOf("gptNeoX", "a b c a b"));
  const { stages } = await readStages(run, "self", 0);
  expect(stages.filter(({ side, part }) => side === "input" && part.endsWith("Norm"))).toEqual([]);
  run.dispose();
});

test("in a pre-norm layer the stream is the sum of what the parts add, in the order of the computation", async () => {
  const run = new Run(tinyModel("llama"), inputOf("llama", "a b c a b"));
  const { stages } = await readStages(run, "self", 0);
  expect(stages.map(({ part, side }) => `${part} ${side}`)).toEqual([
    " input",
    "attentionNorm output",
    "attention.query output",
    "attention.key output",
    "attention.value output",
    "attention.output input",
    "attention output",
    "feedForwardNorm input",
    "feedForwardNorm output",
    "feedForward.gate output",
    "feedForward.up output",
    "feedForward.down input",
    "feedForward output",
    " output",
  ]);
  const [before, attention, between, feedForward, after] = [
    stageOf(stages, "", "input"),
    stageOf(stages, "attention", "output"),
    stageOf(stages, "feedForwardNorm", "input"),
    stageOf(stages, "feedForward", "output"),
    stageOf(stages, "", "output"),
  ].map(({ values }) => values);
  for (let cell = 0; cell < before!.length; cell++) {
    expect(between![cell]).toBeCloseTo(before![cell]! + attention![cell]!, 5);
    expect(after![cell]).toBeCloseTo(between![cell]! + feedForward![cell]!, 5);
  }
  run.dispose();
});
