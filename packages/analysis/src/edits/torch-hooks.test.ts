import { sin, slice, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { type AnalysisEdit, analysisEditsFixtures } from "@tfblocks/fixtures/analysis-edits";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import { beforeAll, describe, expect, it } from "vitest";
import {
  ablate,
  atPositions,
  type Edit,
  freezeAttention,
  headsOf,
  inputOf,
  meanOf,
  neuronsOf,
  patch,
  patchPath,
  queriesOf,
  scale,
  type Site,
  steer,
  withEdits,
} from "../models.js";
import { goldenModel } from "../testing/golden-batch.js";
import { tokens, valuesOf } from "../testing/tiny-model.js";

const names = ["gpt2", "llama-default"] as const;
const [first, second] = ["layers.0.attention", "layers.1.attention"];

/** The edits that the fixture makes by hooks. */
function editsOf(model: LanguageModel, name: (typeof names)[number]): Record<Exclude<AnalysisEdit, "path" | "directPath">, Edit[]> {
  const { corrupt, positions, neurons } = analysisEditsFixtures[name];
  const ids = tokens(...corrupt);
  const corruptValues = (site: Site) => valuesOf(model, site, ids);
  const [heads, stream] = [headsOf(first, [2, 0]), atPositions(inputOf("layers.1"), positions)];
  const width = model.input.tokenEmbedding.dModel;
  const vector = use(() => sin(tensor1d(Array.from({ length: width }, (_, column) => column))));
  const weights = use(model.apply(ids, { needWeights: true })).weights![1]!;
  return {
    none: [],
    zeroHead: [ablate(headsOf(second, 1))],
    meanHead: [ablate(headsOf(first, 0), meanOf(corruptValues(headsOf(first, 0))))],
    patchHeads: [patch(heads, corruptValues(heads))],
    patchStream: [patch(stream, corruptValues(stream))],
    steer: [steer(inputOf("layers.1"), vector, { strength: 0.5 })],
    scaleNeurons: [scale(neuronsOf("layers.0.feedForward", neurons), 2)],
    scaleQueries: [scale(queriesOf(second, 0), 1.5)],
    freezeAttention: [freezeAttention(second, weights)],
  };
}

async function expectLast(logits: Tensor, expected: number[][], what: string): Promise<void> {
  const [batch, length, vocabSize] = logits.shape as [number, number, number];
  const last = use(slice(logits, [0, length - 1, 0], [batch, 1, vocabSize]));
  await expectClose(last, { shape: [batch, 1, vocabSize], data: expected.flat() }, { atol: 2e-5, rtol: 2e-5 }, what);
}

describe.each(["cpu", "wasm", "wasm fused plain, 1 thread", "wasm fused plain, 2 threads"] as const)("edits on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(names)("of %s equal hooks of PyTorch", async (name) => {
    const model = (await goldenModel(name)) as LanguageModel;
    const { clean, logits } = analysisEditsFixtures[name];
    const ids = tokens(...clean);
    const edits = Object.entries(editsOf(model, name));
    expect(edits.length).toBe(9);
    for (const [edit, list] of edits) {
      await expectLast(use(withEdits(model, list).apply(ids)).logits, logits[edit as AnalysisEdit], edit);
    }
  });

  it.each(names)("along a path of %s equal hooks of PyTorch", async (name) => {
    const model = (await goldenModel(name)) as LanguageModel;
    const { clean, corrupt, logits } = analysisEditsFixtures[name];
    const [ids, others] = [tokens(...clean), tokens(...corrupt)];
    const path = (feedForward: "recomputed" | "frozen") =>
      patchPath(model, {
        sender: headsOf(first, 1),
        receiver: queriesOf(second, 0),
        clean: (edited) => edited.apply(ids).logits,
        corrupt: (edited) => edited.apply(others),
        feedForward,
      });
    await expectLast(use(path("recomputed")), logits.path, "path");
    await expectLast(use(path("frozen")), logits.directPath, "directPath");
  });
});
