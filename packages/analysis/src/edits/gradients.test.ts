import "@tfblocks/tensor-utils/gradients";
import type { Tensor } from "@tensorflow/tfjs-core";
import { checkGradients, randomTensor, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, it } from "vitest";
import {
  ablate,
  atPositions,
  type Edit,
  headsOf,
  inputOf,
  meanOf,
  outputOf,
  patch,
  resampled,
  scale,
  steer,
  withEdits,
} from "../models.js";
import { tinyModel, tokens } from "../testing/tiny-model.js";

const heads = headsOf("layers.0.attention", [2, 0]);
const place = atPositions(heads, [3, 1]);

const edits: [string, number[], (tensor: Tensor) => Edit][] = [
  ["patch", [2, 2, 8], (values) => patch(place, values)],
  ["patch of the batch", [1, 4, 12], (values) => patch(outputOf("layers.0.attention"), values)],
  ["steer", [8], (vector) => steer(place, vector, { strength: 2 })],
  ["scale by a gate for each head", [2], (gate) => scale(place, gate)],
  ["scale by a gate for each head and text", [2, 2], (gate) => scale(heads, gate)],
  ["scale by one gate", [], (gate) => scale(place, gate)],
  ["ablation by a mean", [3, 4, 8], (samples) => ablate(heads, meanOf(samples))],
  ["ablation by another sample", [3, 2, 8], (samples) => ablate(place, resampled(samples, { seed: 1 }))],
];

describe.each(["cpu", "wasm", "wasm fused plain, 1 thread"] as const)("edits on %s are differentiable:", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(edits)("%s, in its tensor and through the model", async (_, shape, edit) => {
    const [model, ids] = [tinyModel(), tokens([1, 2, 3, 4], [5, 6, 7, 8])];
    const run = (tensor: Tensor, vector: Tensor) => withEdits(model, [steer(inputOf("layers.0"), vector), edit(tensor)]).apply(ids).logits;
    await checkGradients((tensor, vector) => run(tensor!, vector!), [randomTensor(shape, 1), randomTensor([12], 2)], { tolerance: 1e-2 });
  });
});
