import { memory } from "@tensorflow/tfjs-core";
import { analysisStreamFixture } from "@tfblocks/fixtures/analysis-stream";
import { encoderFixtureNames, generatingFixtureNames, type ModelFixtureName } from "@tfblocks/fixtures/models";
import { fusedBackendNames, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { attributeLogits } from "../models.js";
import { batchOf, golden } from "../testing/golden-batch.js";

const truths = analysisStreamFixture.attribution.map((truth) => [truth.name, truth] as const);
/** Models with a head. */
const withHead: readonly ModelFixtureName[] = [
  ...generatingFixtureNames,
  ...encoderFixtureNames.filter((name) => name.endsWith("masked-lm") || name === "bert-untied"),
];
/** tfjs's own backend is slow, so it runs one model of each kind. */
const namesOn = (backend: string): readonly ModelFixtureName[] =>
  backend === "cpu" ? ["gpt2", "gemma2", "olmo2", "gpt-neox", "t5-relu", "bert-masked-lm"] : withHead;

describe.each(["cpu", fusedBackendNames[0]!] as const)("attributeLogits on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(truths)("%s: each component as PyTorch computes it", async (name, { token, minus, logit, components }) => {
    const loaded = await golden(name);
    const { ids, options } = await batchOf(loaded, "unpadded");
    const [first] = await attributeLogits(loaded.model, ids, { ...options, token, minus });
    expect(first!.logit).toBeCloseTo(logit, 4);
    expect(first!.components.map((each) => each.name).toSorted()).toEqual(Object.keys(components).toSorted());
    for (const each of first!.components) expect(each.value).toBeCloseTo(components[each.name]!, 4);
  });

  it.each(namesOn(backend))("%s: the components sum to the logits of transformers, at every position", async (name) => {
    const loaded = await golden(name);
    const { ids, options, logits } = await batchOf(loaded, "unpadded");
    const [batch, length] = ids.shape as [number, number];
    const at = Array.from({ length }, (_, position) => position);
    const token = Array.from({ length: batch }, (_, row) => at.map((position) => (5 * row + 3 * position) % 37));
    const before = memory().numTensors;
    const plain = await attributeLogits(loaded.model, ids, { ...options, token, at });
    const pairs = await attributeLogits(loaded.model, ids, { ...options, token, minus: 7, at, neuronGroup: 5 });
    expect(memory().numTensors).toBe(before);
    expect(plain.length).toBe(batch * length);
    for (const [index, { row, position, sum, logit, cumulative }] of plain.entries()) {
      const expected = logits[row]![position]!;
      expect(Math.abs(sum - expected[token[row]![position]!]!)).toBeLessThan(1e-4);
      expect(Math.abs(logit - expected[token[row]![position]!]!)).toBeLessThan(1e-4);
      expect(cumulative.at(-1)).toBeCloseTo(sum, 10);
      expect(Math.abs(pairs[index]!.sum - (expected[token[row]![position]!]! - expected[7]!))).toBeLessThan(1e-4);
    }
  });
});
