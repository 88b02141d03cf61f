import { modelFixture } from "@tfblocks/fixtures/models";
import { stateOfShapes, use, useBackend } from "@tfblocks/testkit";
import { openSafetensors } from "@tfblocks/weights";
import { fromLayout } from "@tfblocks/weights/layouts";
import { beforeAll, expect, it } from "vitest";
import { families } from "../registry.js";

beforeAll(() => useBackend("cpu"));

it.each([
  ["bert", "bert-masked-lm", ["classifier.weight", "classifier.bias", "qa_outputs.weight", "qa_outputs.bias"]],
  ["distilbert", "distilbert-masked-lm", ["pre_classifier.weight", "pre_classifier.bias", "classifier.weight"]],
  ["roberta", "roberta-masked-lm", ["classifier.dense.weight", "classifier.out_proj.weight", "classifier.out_proj.bias"]],
] as const)("the weights of %s may have the head of a task, which is left out", async (family, fixture, names) => {
  const { weights } = await modelFixture(fixture);
  const reader = await openSafetensors(weights);
  const shapes = Object.fromEntries(reader.names.map((name) => [name, reader.info(name).shape]));
  const oursOf = (more: readonly string[]) => {
    const theirs = use(stateOfShapes({ ...shapes, ...Object.fromEntries(more.map((name) => [name, [2]])) }));
    return Object.keys(use(fromLayout(families[family].layout, theirs, { sizes: { numLayers: 2 } })));
  };
  expect(oursOf(names)).toEqual(oursOf([]));
  expect(() => oursOf(["score.weight"])).toThrow("score.weight");
});
