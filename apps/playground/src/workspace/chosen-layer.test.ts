import { expect, test } from "vitest";
import type { AttentionKind, ModelInfo } from "../models/model-info.js";
import { layerOfHead, layersOf } from "./chosen-layer.js";

/** A model with so many layers of each kind. */
function modelOf(layers: Partial<Record<AttentionKind, number>>): ModelInfo {
  const stacks = Object.entries(layers).map(([kind, count]) => ({
    kind: kind as AttentionKind,
    heads: 2,
    parts: Array.from({ length: count }, (_, layer) => `${kind}.${layer}`),
  }));
  return { stacks } as unknown as ModelInfo;
}

const pair = modelOf({ encoder: 2, decoder: 3, cross: 3 });

test("a head of cross-attention is in a layer of the decoder", () => {
  expect(layersOf(pair).map(({ kind, layer }) => `${kind} ${layer}`)).toEqual([
    "encoder 0",
    "encoder 1",
    "decoder 0",
    "decoder 1",
    "decoder 2",
  ]);
  expect(layerOfHead(pair, { kind: "cross", layer: 1, head: 0 })).toEqual({ kind: "decoder", layer: 1 });
});

test("a head that the model does not have gives the nearest layer", () => {
  expect(layerOfHead(pair, { kind: "encoder", layer: 7, head: 3 })).toEqual({ kind: "encoder", layer: 1 });
  expect(layerOfHead(pair, { kind: "self", layer: 0, head: 0 })).toEqual({ kind: "encoder", layer: 0 });
  expect(layerOfHead(modelOf({ self: 1 }), { kind: "cross", layer: 2, head: 0 })).toEqual({ kind: "self", layer: 0 });
});
