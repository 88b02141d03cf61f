import { memory } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { readStages } from "../../../reading/read-stages.js";
import { Run } from "../../../reading/run.js";
import { inputOf, tinyFamilies, type TinyFamily, tinyModel } from "../../../reading/testing/tiny-models.js";
import type { LayerPlace } from "../../../workspace/chosen-layer.js";
import type { ModelNorm } from "./model-norms.js";
import { readNorms } from "./read-norms.js";

beforeAll(() => useBackend("wasm"));

async function normsOf(run: Run, place: LayerPlace): Promise<readonly ModelNorm[]> {
  const block = await readNorms(run, place);
  if ("absent" in block) throw new Error(block.absent);
  return block.picture;
}

/** What a norm computes from a row, in float64. */
function normed(row: Float32Array, { kind, eps, weight, bias }: ModelNorm): number[] {
  const mean = kind === "LayerNorm" ? row.reduce((sum, value) => sum + value, 0) / row.length : 0;
  const square = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return Array.from(row, (value, at) => ((value - mean) / Math.sqrt(square + eps)) * weight.values[at]! + (bias?.values[at] ?? 0));
}

describe.each(tinyFamilies)("the norms of a random %s", (family) => {
  test("each turns what is before it into what is after it, and all tensors are freed", async () => {
    const opened = tinyModel(family);
    const run = new Run(opened, inputOf(family, "a b c a b"));
    const before = memory().numTensors;
    for (const { kind } of opened.info.stacks) {
      for (const norm of await normsOf(run, { kind, layer: 1 })) {
        const [input, , output] = norm.stages;
        expect(input!.values).toHaveLength(norm.tokens.length * norm.width);
        for (let token = 0; token < norm.tokens.length; token++) {
          const [from, to] = [token * norm.width, (token + 1) * norm.width];
          const expected = normed(input!.values.subarray(from, to), norm);
          for (const [at, value] of expected.entries()) expect(output!.values[from + at]).toBeCloseTo(value, 4);
        }
      }
    }
    expect(memory().numTensors).toBe(before);
    run.dispose();
  });
});

test.each<[TinyFamily, ModelNorm["kind"], readonly string[]]>([
  ["gpt2", "LayerNorm", ["attentionNorm", "feedForwardNorm"]],
  ["llama", "RMSNorm", ["attentionNorm", "feedForwardNorm"]],
  ["gemma2", "RMSNorm", ["attentionNorm", "attentionPostNorm", "feedForwardNorm", "feedForwardPostNorm"]],
])("%s has the norms of its family: %s", async (family, kind, parts) => {
  const run = new Run(tinyModel(family), inputOf(family, "a b c"));
  const block = await readNorms(run, { kind: "self", layer: 0 });
  if ("absent" in block) throw new Error(block.absent);
  expect(block.picture.map(({ part }) => part)).toEqual(parts);
  expect(new Set(block.picture.map((norm) => norm.kind))).toEqual(new Set([kind]));
  expect(block.about).toContain(kind === "LayerNorm" ? "are LayerNorms" : "are RMSNorms, not LayerNorms");
  run.dispose();
});

test("a decoder beside an encoder has a norm of cross-attention too", async () => {
  const run = new Run(tinyModel("t5"), inputOf("t5", "a b c"));
  const parts = (await normsOf(run, { kind: "decoder", layer: 0 })).map(({ part }) => part);
  expect(parts).toEqual(["attentionNorm", "crossAttentionNorm", "feedForwardNorm"]);
  run.dispose();
});

test("before the first norm of a pre-norm layer is the stream that enters the layer", async () => {
  const run = new Run(tinyModel("llama"), inputOf("llama", "a b c a"));
  const [first, second] = await normsOf(run, { kind: "self", layer: 1 });
  const { stages } = await readStages(run, "self", 1);
  expect(first!.stages[0]!.values).toEqual(stages[0]!.values);
  expect(second!.stages[0]!.values).toEqual(stages.find(({ part, side }) => part === "feedForwardNorm" && side === "input")!.values);
  run.dispose();
});
