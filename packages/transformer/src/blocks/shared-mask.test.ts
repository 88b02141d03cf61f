import { engine, randomNormal } from "@tensorflow/tfjs-core";
import { multiHeadAttention } from "@tfblocks/attention";
import { feedForward } from "@tfblocks/feed-forward";
import { causal, padding } from "@tfblocks/masks";
import { LayerNorm } from "@tfblocks/norm";
import { Random } from "@tfblocks/tensor-utils";
import { FusedAttention, type FusedAttentionAttrs } from "@tfblocks/tensor-utils/kernels";
import { registerOracleKernels, useBackend } from "@tfblocks/testkit";
import { afterEach, expect, it, vi } from "vitest";
import { preNorm } from "./residual.js";
import { TransformerLayer } from "./transformer-layer.js";

const [dModel, numHeads] = [8, 2];

function causalLayer(): TransformerLayer {
  const norm = () => new LayerNorm({ features: dModel });
  return new TransformerLayer({
    attention: multiHeadAttention({ dModel, numHeads, random: new Random(1) }),
    attentionNorm: norm(),
    feedForward: feedForward({ dModel, hiddenDim: 8, random: new Random(2) }),
    feedForwardNorm: norm(),
    mask: causal(),
    residual: preNorm,
  });
}

afterEach(() => vi.restoreAllMocks());

it("a mask that is joined with padding is encoded once for all layers and calls", async () => {
  await useBackend("cpu");
  const unregister = registerOracleKernels();
  const runKernel = vi.spyOn(engine(), "runKernel");
  const [layers, x, mask] = [[causalLayer(), causalLayer()], randomNormal([2, 5, dModel]), padding({ lengths: [5, 3] })];
  for (const layer of [...layers, ...layers]) layer.apply(x, { mask }).output.dispose();
  const calls = runKernel.mock.calls.filter(([kernelName]) => kernelName === FusedAttention);
  const encoded = calls.map(([, , attrs]) => (attrs as object as FusedAttentionAttrs).mask);
  expect(encoded).toHaveLength(4);
  expect(encoded[0]).toBeDefined();
  expect(new Set(encoded).size).toBe(1);
  for (const each of [...layers, x]) each.dispose();
  unregister();
});
