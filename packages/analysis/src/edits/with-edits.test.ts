import { memory, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { gpt2 } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";
import { ablate, headsOf, inputOf, outputOf, record, withEdits } from "../models.js";

let model: LanguageModel;
let ids: Tensor;
beforeAll(async () => {
  await useBackend("cpu");
  model = gpt2({ vocabSize: 11, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
  ids = tensor2d([[1, 2, 3, 4]], [1, 4], "int32");
});

const exact = { atol: 0, rtol: 0 };

describe("withEdits", () => {
  it("ablates a head as zeros in its rows of the output projection do", async () => {
    const before = memory().numTensors;
    const edited = withEdits(model, [ablate(headsOf("layers.1.attention", 2))]);
    expect(memory().numTensors).toBe(before);
    const { logits } = use(edited.apply(ids));
    const zeroed = use(withEdits(model, [ablate(headsOf("layers.1.attention", [0, 1, 2]))])).apply(ids).logits;
    await expect(expectClose(logits, use(model.apply(ids)).logits, { atol: 1e-4, rtol: 0 })).rejects.toThrow(/^tensor\[/);
    await expect(expectClose(logits, use(zeroed), { atol: 1e-4, rtol: 0 })).rejects.toThrow(/^tensor\[/);
    edited.dispose();
  });

  it("records sites without changing the result", async () => {
    const sites = { heads: headsOf("layers.*.attention", [2, 0]), stream: inputOf("layers.*"), attention: outputOf("layers.*.attention") };
    const recording = record(model, sites, (watched) => watched.apply(ids));
    await expectClose(use(recording.result).logits, use(model.apply(ids)).logits, exact);
    expect(Object.keys(recording.values.heads)).toEqual(["layers.0.attention.output", "layers.1.attention.output"]);
    expect(recording.values.heads["layers.0.attention.output"]!.shape).toEqual([1, 4, 8]);
    expect(recording.values.stream["layers.1"]!.shape).toEqual([1, 4, 12]);
    expect(recording.values.attention["layers.1.attention"]!.shape).toEqual([1, 4, 12]);
    recording.dispose();
  });
});
