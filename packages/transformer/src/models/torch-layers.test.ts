import { dispose, grads, mul, sum, type Tensor, variableGrads } from "@tensorflow/tfjs-core";
import { type TransformerLayerFixture, transformerLayerFixtures } from "@tfblocks/fixtures/transformer-layers";
import * as masks from "@tfblocks/masks";
import { fromTorchPaddingMask } from "@tfblocks/masks/torch";
import type { StateDict } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { backendNames, countsMemory, expectClose, fixtureTensor, use, useBackend } from "@tfblocks/testkit";
import { fromLayout, toLayout, torchTransformerDecoderLayer, torchTransformerEncoderLayer } from "@tfblocks/weights/layouts";
import { beforeAll, describe, expect, it } from "vitest";
import type { LayerOptions, TransformerLayer } from "../index.js";
import { torchDecoderLayer, torchEncoderLayer } from "../models.js";

const cases = transformerLayerFixtures.map((fixture) => [fixture.name, fixture] as const);

describe.each(backendNames.filter(countsMemory))("layers of PyTorch on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(cases)("%s: output and the gradients of inputs and every parameter", (_name, fixture) => checkLayer(fixture));
});

async function checkLayer(fixture: TransformerLayerFixture): Promise<void> {
  const layer = use(loadedLayer(fixture));
  const [input, gradOutput] = [fixtureTensor(fixture.input), fixtureTensor(fixture.gradOutput)];
  const memory = use(fixture.memory && fixtureTensor(fixture.memory));
  const masking = maskingOf(fixture);
  const output = (x: Tensor, seen: Tensor | undefined) => layer.apply(x, { ...masking, memory: seen }).output;
  const loss = (x: Tensor, seen?: Tensor) => sum(mul(output(x, seen), gradOutput)) as Tensor;

  const computed = use(output(input, memory));
  await expectClose(computed, dataOf(fixture.expected.output), undefined, "output");
  const [gradInput, gradMemory] = use(grads(loss)(memory === undefined ? [input] : [input, memory]) as [Tensor, Tensor?]);
  await expectClose(gradInput, dataOf(fixture.expected.gradInput), undefined, "gradInput");
  if (gradMemory) await expectClose(gradMemory, dataOf(fixture.expected.gradMemory!), undefined, "gradMemory");
  await checkParameters(fixture, layer, () => loss(input, memory));
}

function loadedLayer({ config, stateDict }: TransformerLayerFixture): TransformerLayer {
  const { layer: kind, layerNormEps: eps, ...sizes } = config;
  const layer = (kind === "encoder" ? torchEncoderLayer : torchDecoderLayer)({ ...sizes, eps });
  const theirs: StateDict = Object.fromEntries(Object.entries(stateDict).map(([name, value]) => [name, fixtureTensor(value)]));
  const ours = fromLayout(layoutOf(config.layer), theirs, { sizes: { numHeads: config.numHeads } });
  layer.loadStateDict(ours);
  dispose([theirs, ours] as never);
  return layer;
}

const layoutOf = (kind: "encoder" | "decoder") => (kind === "encoder" ? torchTransformerEncoderLayer : torchTransformerDecoderLayer);

function maskingOf({ keyPaddingMask, attnMask, memoryKeyPaddingMask, memoryMask }: TransformerLayerFixture): LayerOptions {
  return {
    mask: both(paddingOf(keyPaddingMask), blockedOf(attnMask)),
    memoryMask: both(paddingOf(memoryKeyPaddingMask), blockedOf(memoryMask)),
  };
}

function both(...given: (masks.Mask | undefined)[]): masks.Mask | undefined {
  const present = given.filter((mask) => mask !== undefined);
  return present.length === 2 ? masks.and(present[0]!, present[1]!) : present[0];
}

function paddingOf(fixture: TransformerLayerFixture["keyPaddingMask"]): masks.Mask | undefined {
  return fixture && using(fixtureTensor(fixture), fromTorchPaddingMask);
}

/** PyTorch's 1 = may not attend. */
function blockedOf(fixture: TransformerLayerFixture["attnMask"]): masks.Mask | undefined {
  if (fixture === undefined) return undefined;
  const open = { ...fixture, data: fixture.data.map((blocked) => 1 - Number(blocked)) };
  return using(fixtureTensor(open), (tensor) => masks.fromTensor(tensor, { kind: "keep" }));
}

function using<Result>(tensor: Tensor, body: (tensor: Tensor) => Result): Result {
  const result = body(tensor);
  tensor.dispose();
  return result;
}

async function checkParameters(fixture: TransformerLayerFixture, layer: TransformerLayer, loss: () => Tensor): Promise<void> {
  const parameters = layer.parameters();
  const { grads: byVariable } = use(variableGrads(loss as never, Object.values(parameters)));
  const ours: StateDict = use(Object.fromEntries(Object.entries(parameters).map(([name, each]) => [name, byVariable[each.name]!])));
  const theirs = use(toLayout(layoutOf(fixture.config.layer), ours, { sizes: { numHeads: fixture.config.numHeads } }));
  expect(Object.keys(theirs).toSorted()).toEqual(Object.keys(fixture.expected.gradParameters).toSorted());
  for (const [name, gradient] of Object.entries(theirs)) {
    await expectClose(gradient, dataOf(fixture.expected.gradParameters[name]!), undefined, name);
  }
}

function dataOf({ shape, data }: TransformerLayerFixture["input"]): { shape: readonly number[]; data: number[] } {
  return { shape, data: data.map(Number) };
}
