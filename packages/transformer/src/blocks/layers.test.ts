import { broadcastTo, mean, randomNormal, slice, sub, type Tensor, type Tensor3D } from "@tensorflow/tfjs-core";
import { type AttentionResult, multiHeadAttention } from "@tfblocks/attention";
import { feedForward } from "@tfblocks/feed-forward";
import { causal } from "@tfblocks/masks";
import { LayerNorm } from "@tfblocks/norm";
import { Composite, Linear, type Parts, Random, scope } from "@tfblocks/tensor-utils";
import { backendNames, countsMemory, describeBlock, expectClose, use, useBackend } from "@tfblocks/testkit";
import { describe, expect, it } from "vitest";
import type { Layer } from "./layer-options.js";
import { ParallelLayer } from "./parallel-layer.js";
import { outputNorm, postNorm, preNorm, sandwichNorm, scaledPreNorm } from "./residual.js";
import type { AttentionPart } from "./sublayers.js";
import { TransformerLayer } from "./transformer-layer.js";

const [dModel, numHeads] = [12, 3];
const norm = () => new LayerNorm({ features: dModel });
const attention = (label: string) => multiHeadAttention({ dModel, numHeads, random: new Random(1).split(label) });
const common = () => ({
  attention: attention("attention"),
  attentionNorm: norm(),
  feedForward: feedForward({ dModel, hiddenDim: 20, random: new Random(2) }),
  feedForwardNorm: norm(),
  mask: causal(),
});

const kinds: Record<string, () => Layer & { stateDict: TransformerLayer["stateDict"]; loadStateDict: TransformerLayer["loadStateDict"] }> =
  {
    "a pre-norm layer": () => new TransformerLayer({ ...common(), residual: preNorm }),
    "a post-norm layer": () => new TransformerLayer({ ...common(), residual: postNorm }),
    "a sandwich-norm layer": () =>
      new TransformerLayer({ ...common(), attentionPostNorm: norm(), feedForwardPostNorm: norm(), residual: sandwichNorm }),
    "a layer with norms of outputs": () => new TransformerLayer({ ...common(), residual: outputNorm }),
    "a layer whose sublayers are scaled": () => new TransformerLayer({ ...common(), residual: scaledPreNorm(0.3) }),
    "a parallel layer": () => new ParallelLayer(common()),
  };

const input = (): Tensor => randomNormal([2, 5, dModel], 0, 1, "float32", 3);
const outputOf = (layer: Layer, x: Tensor): Tensor => layer.apply(x).output;

for (const backend of backendNames) {
  for (const [name, make] of Object.entries(kinds)) {
    const calls = countsMemory(backend) ? 60 : 8;
    describeBlock(`${name} on ${backend}`, { prepare: () => useBackend(backend), make, input, apply: outputOf, calls });
  }
}

/** Attends to every token equally: the mean of the values. */
class MeanAttention extends Composite implements AttentionPart {
  readonly value = new Linear({ inFeatures: dModel, outFeatures: dModel, random: new Random(5) });

  constructor() {
    super("MeanAttention");
  }

  apply(query: Tensor, _key: Tensor, value: Tensor): AttentionResult<Tensor3D> {
    return scope(() => {
      const seen = mean(this.value.apply(value), 1, true);
      return { output: broadcastTo(seen, query.shape as [number, number, number]) };
    });
  }

  parts(): Parts {
    return { value: this.value };
  }
}

describe("a layer", () => {
  it("accepts a custom attention", async () => {
    await useBackend("cpu");
    const [layer, x] = [use(new TransformerLayer({ attention: new MeanAttention(), attentionNorm: norm() })), use(input())];
    const { output, weights } = use(layer.apply(x, { needWeights: true }));
    expect(weights).toBeUndefined();
    expect(Object.keys(layer.parameters())).toContain("attention.value.weight");
    const [first, second] = use(
      [0, 1].map((index) =>
        scope(() => sub(slice(output, [0, index, 0], [2, 1, dModel]), slice(x as Tensor3D, [0, index, 0], [2, 1, dModel]))),
      ),
    );
    await expectClose(second!, first!, { atol: 1e-6, rtol: 1e-5 });
  });

  it("returns weights on request, and then the same output", async () => {
    await useBackend("cpu");
    const [layer, x] = [use(kinds["a pre-norm layer"]!()), use(input())];
    const [plain, asked] = [use(layer.apply(x)), use(layer.apply(x, { needWeights: true }))];
    expect(plain.weights).toBeUndefined();
    expect(asked.weights!.shape).toEqual([2, 3, 5, 5]);
    await expectClose(asked.output, plain.output, { atol: 1e-6, rtol: 1e-6 });
  });

  it("drops the same elements for the same seed, and requires a seed", async () => {
    await useBackend("cpu");
    const [layer, x] = [use(new TransformerLayer({ ...common(), dropout: 0.5 })), use(input())];
    const run = (seed: number) => layer.apply(x, { training: true, seed }).output;
    const [first, again, other] = [use(run(1)), use(run(1)), use(run(2))];
    await expectClose(again, first, { atol: 0, rtol: 0 });
    expect(await other.array()).not.toEqual(await first.array());
    expect(() => layer.apply(x, { training: true })).toThrow(/seed/);
  });
});

describe("the parts of a layer", () => {
  it("requires a memory for cross-attention", async () => {
    await useBackend("cpu");
    const layer = use(new TransformerLayer({ ...common(), crossAttention: attention("cross"), crossAttentionNorm: norm() }));
    const x = use(input());
    expect(() => layer.apply(x)).toThrow(/TransformerLayer\.apply: memory must be the encoder's output/);
  });

  it("rejects a sublayer without its norm, a norm without its sublayer, and unknown parts", async () => {
    await useBackend("cpu");
    const { feedForwardNorm, ...withoutNorm } = use(common());
    const cross = use(attention("cross"));
    expect(() => new TransformerLayer(withoutNorm)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TransformerLayer: feedForwardNorm must be set together with feedForward, got undefined]`,
    );
    expect(() => new TransformerLayer({ ...withoutNorm, feedForward: undefined, feedForwardNorm })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TransformerLayer: feedForward must be set together with feedForwardNorm, got undefined]`,
    );
    expect(() => new TransformerLayer({ ...withoutNorm, feedForwardNorm, crossAttention: cross })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TransformerLayer: crossAttentionNorm must be set together with crossAttention, got undefined]`,
    );
    expect(() => new TransformerLayer({ ...withoutNorm, feedForwardNorm, ffn: cross } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: TransformerLayer: unknown part "ffn"; known parts: attention, attentionNorm, attentionPostNorm, crossAttention, crossAttentionNorm, feedForward, feedForwardNorm, feedForwardPostNorm, mask, residual, dropout]`,
    );
    expect(() => new ParallelLayer(withoutNorm as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: ParallelLayer: feedForwardNorm must be set together with feedForward, got undefined]`,
    );
    expect(() => new ParallelLayer({ ...withoutNorm, feedForwardNorm, crossAttention: cross } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: ParallelLayer: unknown part "crossAttention"; known parts: attention, attentionNorm, feedForward, feedForwardNorm, mask, dropout]`,
    );
  });
});
