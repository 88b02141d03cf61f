import { grads, mul, reshape, slice, sum, type Tensor, tidy, variableGrads } from "@tensorflow/tfjs-core";
import {
  type AttentionFixture,
  attentionFixtures,
  type MultiHeadAttentionFixture,
  multiHeadAttentionFixtures,
  type TensorFixture,
} from "@tfblocks/fixtures";
import {
  type MultiHeadAttention,
  type MultiHeadAttentionOptions,
  type scaledDotProductAttention,
  multiHeadAttention,
} from "@tfblocks/attention";
import { loadTorchStateDict, torchStateDict } from "@tfblocks/attention/torch";
import * as masks from "@tfblocks/masks";
import { fromTorchPaddingMask } from "@tfblocks/masks/torch";
import "@tfblocks/tensor-utils/gradients";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, fixtureTensor } from "./tensors.js";
import { use } from "./use.js";

type Attend = typeof scaledDotProductAttention;

/** Output and gradients of every `scaled_dot_product_attention` fixture, at 1e-5. */
export function describeTorchAttention(name: string, attend: Attend, prepare: () => Promise<void>): void {
  describe(`PyTorch fixtures on ${name}`, () => {
    beforeAll(prepare);
    it.each(attentionFixtures.map((fixture) => [fixture.name, fixture] as const))("scaledDotProductAttention: %s", (_, fixture) =>
      checkAttention(fixture, attend),
    );
  });
}

/** Output, weights, gradients of inputs and parameters, and the state dict of every `nn.MultiheadAttention` fixture. */
export function describeTorchMultiHeadAttention(name: string, prepare: () => Promise<void>): void {
  describe(`PyTorch fixtures on ${name}`, () => {
    beforeAll(prepare);
    it.each(multiHeadAttentionFixtures.map((fixture) => [fixture.name, fixture] as const))("MultiHeadAttention: %s", (_, fixture) =>
      checkMultiHeadAttention(fixture),
    );
  });
}

async function checkAttention(fixture: AttentionFixture, attend: Attend): Promise<void> {
  const [query, key, value, gradOutput] = [fixture.query, fixture.key, fixture.value, fixture.gradOutput].map(fixtureTensor) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const given = fixture.mask && fixtureTensor(fixture.mask);
  const [mask, bias] = given?.dtype === "bool" ? [given, undefined] : [fixture.isCausal ? masks.causal() : undefined, given];
  const scale = fixture.scale ?? undefined;
  const { output } = use(attend(query, key, value, { mask, bias, scale }));
  await expectClose(output, fixtureData(fixture.expected.output), undefined, "output");
  const loss = (...[q, k, v, b]: Tensor[]) => sum(mul(attend(q!, k!, v!, { mask, bias: b, scale }).output, gradOutput)) as Tensor;
  const gradients = grads(loss)(bias === undefined ? [query, key, value] : [query, key, value, bias]);
  const names = ["gradQuery", "gradKey", "gradValue", "gradMask"] as const;
  for (const [index, gradient] of gradients.entries()) {
    await expectClose(gradient, fixtureData(fixture.expected[names[index]!]!), undefined, names[index]);
  }
}

async function checkMultiHeadAttention(fixture: MultiHeadAttentionFixture): Promise<void> {
  const attention = attentionOf(fixture);
  const [query, key, value, gradOutput] = [fixture.query, fixture.key, fixture.value, fixture.gradOutput].map(fixtureTensor) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const options = optionsOf(fixture);
  const { output, weights } = use(attention.apply(query, key, value, options));
  await expectClose(output, fixtureData(fixture.expected.output), undefined, "output");
  await expectWeights(weights!, fixture.expected.weights);
  const loss = (...[q, k, v]: Tensor[]) =>
    sum(mul(attention.apply(q!, k!, v!, { ...options, needWeights: false }).output, gradOutput)) as Tensor;
  const gradients = grads(loss)([query, key, value]);
  for (const [index, name] of (["gradQuery", "gradKey", "gradValue"] as const).entries()) {
    await expectClose(gradients[index]!, fixtureData(fixture.expected[name]), undefined, name);
  }
  await expectParameterGradients(fixture, attention, () => loss(query, key, value));
  await expectStateDictBack(fixture, attention);
}

function untrained({ config }: MultiHeadAttentionFixture): MultiHeadAttention {
  const { embedDim, numHeads, bias, addBiasKv, addZeroAttn, kdim, vdim } = config;
  const sizes = {
    dModel: embedDim,
    numHeads,
    bias,
    addBiasKv,
    addZeroAttn,
    keyInputDim: kdim ?? embedDim,
    valueInputDim: vdim ?? embedDim,
  };
  return use(multiHeadAttention(sizes));
}

function attentionOf(fixture: MultiHeadAttentionFixture): MultiHeadAttention {
  const attention = untrained(fixture);
  const state = Object.fromEntries(Object.entries(fixture.stateDict).map(([name, each]) => [name, fixtureTensor(each)]));
  loadTorchStateDict(attention, state);
  for (const each of Object.values(state)) each.dispose(); // the block has copies
  return attention;
}

/** PyTorch's masks say true = ignore; a 3-D one is `[batch × heads, queryLength, keyLength]`. */
function optionsOf({ keyPaddingMask, attnMask, query, config, isCausal }: MultiHeadAttentionFixture): MultiHeadAttentionOptions {
  const padding = keyPaddingMask && fixtureTensor(keyPaddingMask);
  const parts = [...(padding ? [fromTorchPaddingMask(padding)] : []), ...(isCausal ? [masks.causal()] : [])];
  padding?.dispose(); // the mask has a copy
  const shape = attnMask && (attnMask.shape.length === 3 ? [query.shape[0]!, config.numHeads, ...attnMask.shape.slice(1)] : attnMask.shape);
  if (attnMask === undefined || isCausal) return { mask: parts.length === 0 ? undefined : masks.and(...parts) };
  if (attnMask.dtype === "float32") {
    const bias = fixtureTensor({ ...attnMask, shape: shape! });
    return { bias, mask: parts.length === 0 ? undefined : masks.and(...parts) };
  }
  const allowed = fixtureTensor({ ...attnMask, shape: shape!, data: attnMask.data.map((each) => 1 - Number(each)) });
  const open = masks.fromTensor(allowed, { kind: "keep" });
  allowed.dispose();
  return { mask: masks.and(open, ...parts) };
}

/** PyTorch keeps a column for the zero key of add_zero_attn; here it is the sink, which has none. */
async function expectWeights(weights: Tensor, expected: TensorFixture | null): Promise<void> {
  if (expected === null) return;
  const keyLength = weights.shape[3]!;
  const theirs = tidy(() => slice(fixtureTensor(expected), [0, 0, 0, 0], [-1, -1, -1, keyLength]));
  await expectClose(weights, theirs, undefined, "weights");
}

async function expectParameterGradients(
  fixture: MultiHeadAttentionFixture,
  attention: MultiHeadAttention,
  loss: () => Tensor,
): Promise<void> {
  const parameters = attention.parameters();
  const { grads: byVariable } = use(variableGrads(() => reshape(loss(), []) as never, Object.values(parameters)));
  const ours = untrained(fixture);
  ours.loadStateDict(Object.fromEntries(Object.entries(parameters).map(([name, variable]) => [name, byVariable[variable.name]!])));
  await expectState(torchStateDict(ours), fixture.expected.gradParameters, "gradient of");
}

async function expectStateDictBack(fixture: MultiHeadAttentionFixture, attention: MultiHeadAttention): Promise<void> {
  await expectState(torchStateDict(attention), fixture.stateDict, "", { atol: 0, rtol: 0 });
}

async function expectState(
  state: Readonly<Record<string, Tensor>>,
  expected: Readonly<Record<string, TensorFixture>>,
  prefix: string,
  tolerance = { atol: 1e-5, rtol: 1e-5 },
): Promise<void> {
  expect(Object.keys(state).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [name, fixture] of Object.entries(expected)) {
    await expectClose(state[name]!, fixtureData(fixture), tolerance, `${prefix} ${name}`.trim());
  }
}

function fixtureData({ shape, data }: TensorFixture): { shape: readonly number[]; data: Float32Array } {
  return { shape, data: Float32Array.from(data, Number) };
}
