import { grad, grads, square, sum, type Tensor, tensor, type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import type { AttentionOptions, scaledDotProductAttention } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";
import { dropoutFactors } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { beforeAll, describe, expect, it } from "vitest";
import { attentionOracle, type OracleInput } from "./attention-oracle.js";
import { expectFlatResources } from "./flat-resources.js";
import { checkGradients } from "./gradient-check.js";
import { expectClose, expectNewTensors, randomTensor } from "./tensors.js";

type Attend = typeof scaledDotProductAttention;

/** Sizes of one case; kvHeads default to heads, keyLength to queryLength, valueDim to headDim. */
export interface AttentionSizes {
  readonly batch?: number;
  readonly heads?: number;
  readonly kvHeads?: number;
  readonly queryLength?: number;
  readonly keyLength?: number;
  readonly headDim?: number;
  readonly valueDim?: number;
}

type Sizes = Required<AttentionSizes>;

interface Case {
  readonly title: string;
  readonly sizes?: AttentionSizes;
  readonly mask?: masks.Mask;
  readonly bias?: true;
  readonly sink?: true;
  readonly scale?: number;
  readonly softcap?: number;
  readonly dropout?: number;
}

const cases: readonly Case[] = [
  { title: "no mask" },
  { title: "cross-attention with another value width", sizes: { queryLength: 3, keyLength: 7, valueDim: 6 } },
  { title: "causal", mask: masks.causal() },
  { title: "causal with an offset", sizes: { queryLength: 3, keyLength: 7 }, mask: masks.causal({ offset: 4 }) },
  { title: "a window that leaves rows empty", sizes: { queryLength: 7, keyLength: 3 }, mask: masks.slidingWindow({ left: 1, right: 0 }) },
  { title: "padding and causal", mask: masks.and(masks.causal(), masks.padding({ lengths: [3, 0] })) },
  { title: "grouped heads, packed documents", sizes: { heads: 4, kvHeads: 2 }, mask: masks.packed([2, 3]) },
  { title: "multi-query with bias", sizes: { heads: 3, kvHeads: 1 }, bias: true },
  {
    title: "scale, bias, softcap, mask and sink together",
    sizes: { heads: 4, kvHeads: 2, valueDim: 3 },
    mask: masks.causal(),
    bias: true,
    sink: true,
    scale: 0.7,
    softcap: 2,
  },
  { title: "sink on empty rows", mask: masks.and(masks.causal(), masks.padding({ lengths: [0, 2] })), sink: true },
  { title: "dropout", mask: masks.causal(), dropout: 0.4 },
  { title: "headDim 1, one query, one key", sizes: { queryLength: 1, keyLength: 1, headDim: 1 } },
  { title: "headDim 47, length 49", sizes: { queryLength: 49, headDim: 47, batch: 1 }, mask: masks.causal() },
  { title: "headDim 129, length 48", sizes: { queryLength: 48, headDim: 129, batch: 1, heads: 1 } },
];

/**
 * What every implementation of scaled dot-product attention must do, on any backend: equal the float64 oracle
 * (1e-5), give the finite-difference gradients (2e-3), contain NaN, treat dead rows, and leak nothing.
 */
export function describeAttention(
  name: string,
  attend: Attend,
  prepare: () => Promise<void>,
  { calls = 1000 }: { calls?: number } = {},
): void {
  describe(`attention on ${name}`, () => {
    beforeAll(prepare);

    it.each(cases.map((each) => [each.title, each] as const))("equals the oracle: %s", async (_, each) => {
      await expectNewTensors(() => checkOracle(attend, each));
    });

    it.each(cases.filter(({ sizes }) => (sizes?.headDim ?? 0) < 40).map((each) => [each.title, each] as const))(
      "has the gradients of finite differences: %s",
      async (_, each) => {
        await expectNewTensors(() => checkCaseGradients(attend, each));
      },
    );

    it("gives a key whose bias is -Infinity no weight, and -softcap beneath a softcap", () =>
      expectNewTensors(() => checkInfiniteBias(attend)));

    it("differentiates logSumExp", async () => {
      const { inputs, options, dispose } = prepared({ title: "", bias: true, sink: true, mask: masks.causal() });
      await checkGradients(
        (query, key, bias, sink) => attend(query!, key!, inputs[2]!, { ...options, bias, sink, needLogSumExp: true }).logSumExp!,
        [inputs[0]!, inputs[1]!, options.bias!, options.sink!],
      );
      dispose();
    });

    it("gives the logSumExp of a sink far above the scores, and of a forbidden row -Infinity and no gradient", () =>
      expectNewTensors(() => checkLogSumExpSink(attend)));

    it("gives zeros, -Infinity and zero gradients where every key is forbidden", () => expectNewTensors(() => checkDeadRows(attend)));

    it("does not overflow with scores of 1e4", async () => {
      const { inputs, dispose } = prepared({ title: "" });
      const large = randomTensor(inputs[0]!.shape, 1, 100);
      const { output, weights } = attend(large, large, inputs[2]!, { needWeights: true });
      expect((await output.data()).every(Number.isFinite)).toBe(true);
      await expectRowSums(weights!, 1);
      for (const each of [large, output, weights!]) each.dispose();
      dispose();
    });

    it("keeps a forbidden NaN key and value from other rows, and lets an allowed one through", () =>
      expectNewTensors(() => checkNaN(attend)));

    it.each([undefined, 3])("keeps a NaN out of the gradients of all that may not use it, softcap %s", (softcap) =>
      expectNewTensors(() => checkNaNGradients(attend, softcap)),
    );

    it("gives the same output with and without weights, taps and logSumExp", async () => {
      const { inputs, options, dispose } = prepared({ title: "", mask: masks.causal(), bias: true, softcap: 3, sink: true });
      const [query, key, value] = inputs;
      const plain = attend(query!, key!, value!, options);
      const full = attend(query!, key!, value!, {
        ...options,
        needWeights: true,
        needLogSumExp: true,
        taps: { stages: ["raw", "scaled", "biased", "capped", "masked", "probabilities"] },
      });
      await expectClose(full.output, plain.output, { atol: 1e-6, rtol: 1e-6 });
      for (const each of [plain.output, full.output, full.weights!, full.logSumExp!, ...Object.values(full.taps!)]) each.dispose();
      dispose();
    });

    it("takes lengths of 0", async () => {
      for (const sizes of [
        { queryLength: 0, keyLength: 3 },
        { queryLength: 2, keyLength: 0 },
        { queryLength: 0, keyLength: 0 },
        { batch: 0 },
      ]) {
        await expectNewTensors(() => checkEmpty(attend, sizes));
      }
    });

    it("leaves one new tensor a call: its output", async () => {
      const { inputs, options, dispose } = prepared({ title: "", mask: masks.causal() });
      const result = await expectNewTensors(() => attend(inputs[0]!, inputs[1]!, inputs[2]!, options), 1);
      result.output.dispose();
      dispose();
    });

    it(`leaves resources flat over ${calls} calls, throwing ones among them`, () => {
      const { inputs, options, dispose } = prepared({ title: "", mask: masks.causal(), bias: true, sizes: { batch: 1, queryLength: 4 } });
      const wrong = zeros([1, 1, 2, 3]);
      expectFlatResources((index) => {
        const result = attend(inputs[0]!, index % 3 === 0 ? wrong : inputs[1]!, inputs[2]!, {
          ...options,
          mask: index % 5 === 0 ? (zeros as never) : options.mask,
          needWeights: index % 2 === 0,
        });
        result.output.dispose();
        result.weights?.dispose();
      }, calls);
      wrong.dispose();
      dispose();
    });
  });
}

function fullSizes({
  batch = 2,
  heads = 2,
  kvHeads = heads,
  queryLength = 5,
  keyLength = queryLength,
  headDim = 4,
  valueDim = headDim,
}: AttentionSizes = {}): Sizes {
  return { batch, heads, kvHeads, queryLength, keyLength, headDim, valueDim };
}

interface Prepared {
  readonly sizes: Sizes;
  readonly inputs: readonly Tensor[];
  readonly options: AttentionOptions;
  readonly dispose: () => void;
}

function prepared(given: Case): Prepared {
  const sizes = fullSizes(given.sizes);
  const { batch, heads, kvHeads, queryLength, keyLength, headDim, valueDim } = sizes;
  const inputs = [
    randomTensor([batch, heads, queryLength, headDim], 1),
    randomTensor([batch, kvHeads, keyLength, headDim], 2),
    randomTensor([batch, kvHeads, keyLength, valueDim], 3),
  ];
  const bias = given.bias && randomTensor([1, heads, queryLength, keyLength], 4);
  const sink = given.sink && randomTensor([heads], 5);
  const dropout = given.dropout === undefined ? {} : { dropout: given.dropout, training: true, seed: 9 };
  const options: AttentionOptions = { mask: given.mask, bias, sink, scale: given.scale, softcap: given.softcap, ...dropout };
  return { sizes, inputs, options, dispose: () => [...inputs, bias, sink].forEach((each) => each?.dispose()) };
}

async function checkOracle(attend: Attend, given: Case): Promise<void> {
  const { sizes, inputs, options, dispose } = prepared(given);
  const { batch, heads, queryLength, keyLength, valueDim } = sizes;
  const { output, weights, logSumExp } = attend(inputs[0]!, inputs[1]!, inputs[2]!, { ...options, needWeights: true, needLogSumExp: true });
  const expected = attentionOracle(await oracleInput(sizes, inputs, options));
  await expectClose(output, { shape: [batch, heads, queryLength, valueDim], data: expected.output }, undefined, "output");
  await expectClose(weights!, { shape: [batch, heads, queryLength, keyLength], data: expected.weights }, undefined, "weights");
  await expectClose(logSumExp!, { shape: [batch, heads, queryLength], data: expected.logSumExp }, undefined, "logSumExp");
  for (const each of [output, weights!, logSumExp!]) each.dispose();
  dispose();
}

async function oracleInput(sizes: Sizes, [query, key, value]: readonly Tensor[], options: AttentionOptions): Promise<OracleInput> {
  const { heads, queryLength, keyLength } = sizes;
  const mask = options.mask as masks.Mask | undefined;
  const bias = await options.bias?.data();
  const sink = await options.sink?.data();
  const factors = options.training
    ? dropoutFactors([sizes.batch, heads, queryLength, keyLength], { rate: options.dropout!, seed: options.seed! })
    : undefined;
  const input: OracleInput = {
    ...sizes,
    query: await query!.data(),
    key: await key!.data(),
    value: await value!.data(),
    ...(mask && { allowed: (b, h, q, k) => mask.at(b, h, q, k) }),
    ...(bias && { bias: (_, h, q, k) => bias[(h * queryLength + q) * keyLength + k]! }),
    ...(sink && { sink }),
    ...(factors && { dropoutFactors: await factors.data() }),
    ...(options.scale !== undefined && { scale: options.scale }),
    ...(options.softcap !== undefined && { softcap: options.softcap }),
  };
  factors?.dispose();
  return input;
}

async function checkCaseGradients(attend: Attend, given: Case): Promise<void> {
  const { inputs, options, dispose } = prepared(given);
  const { bias, sink } = options;
  const learned = [...inputs, ...(bias ? [bias] : []), ...(sink ? [sink] : [])];
  await checkGradients((query, key, value, ...rest) => {
    const moved = { ...(bias && { bias: rest[0] }), ...(sink && { sink: rest.at(-1) }) };
    return attend(query!, key!, value!, { ...options, ...moved }).output;
  }, learned);
  dispose();
}

async function checkDeadRows(attend: Attend): Promise<void> {
  const { inputs, dispose } = prepared({ title: "" });
  const mask = masks.padding({ lengths: [0, 5] });
  const { output, weights, logSumExp } = attend(inputs[0]!, inputs[1]!, inputs[2]!, { mask, needWeights: true, needLogSumExp: true });
  const gradients = grads((...given: Tensor[]) => sum(square(attend(given[0]!, given[1]!, given[2]!, { mask }).output)) as Tensor)([
    ...inputs,
  ]);
  const firstHalf = async (x: Tensor) => Array.from(await x.data()).slice(0, x.size / 2);
  for (const each of [output, weights!, ...gradients]) expect((await firstHalf(each)).every((value) => value === 0)).toBe(true);
  expect((await firstHalf(logSumExp!)).every((value) => value === -Infinity)).toBe(true);
  for (const each of [output, ...gradients]) expect((await each.data()).every(Number.isFinite)).toBe(true);
  for (const each of [output, weights!, logSumExp!, ...gradients]) each.dispose();
  dispose();
}

/** With a scale of 0 the scores are the biases. */
async function checkInfiniteBias(attend: Attend): Promise<void> {
  const [key, value, bias] = [randomTensor([1, 1, 2, 3], 1), tensor([1, 0], [1, 1, 2, 1]), tensor([[0, -Infinity]])];
  const query = randomTensor([1, 1, 1, 3], 2);
  const plain = attend(query, key, value, { bias, scale: 0 }).output;
  const capped = attend(query, key, value, { bias, scale: 0, softcap: 2 }).output;
  await expectClose(plain, { shape: [1, 1, 1, 1], data: [1] });
  await expectClose(capped, { shape: [1, 1, 1, 1], data: [1 / (1 + Math.exp(-2))] });
  for (const each of [query, key, value, bias, plain, capped]) each.dispose();
}

/** The first batch element may attend to nothing; a row without keys is forbidden too. */
async function checkLogSumExpSink(attend: Attend): Promise<void> {
  const { inputs, dispose } = prepared({ title: "" });
  const [query, key, value] = inputs as [Tensor, Tensor, Tensor];
  const none = zeros([2, 2, 0, 4]);
  const [sink, upstream] = [tensor([200, 300]), randomTensor([2, 2, 5], 6)];
  const mask = masks.padding({ lengths: [0, 5] });
  const denominators = attend(query, key, value, { mask, sink, needLogSumExp: true });
  const rows = (logit: number) => Array<number>(5).fill(logit);
  expect(Array.from(await denominators.logSumExp!.data())).toEqual([...rows(-Infinity), ...rows(-Infinity), ...rows(200), ...rows(300)]);
  const sinkGradient = (k: Tensor, v: Tensor, options: AttentionOptions) =>
    grad((logits: Tensor) => attend(query, k, v, { ...options, sink: logits, needLogSumExp: true }).logSumExp!)(sink, upstream);
  const [masked, keyless] = [sinkGradient(key, value, { mask }), sinkGradient(none, none, {})];
  const given = Array.from(await upstream.data());
  const total = (head: number) => given.slice(10 + 5 * head, 15 + 5 * head).reduce((so, each) => so + each, 0);
  await expectClose(masked, { shape: [2], data: [total(0), total(1)] });
  await expectClose(keyless, { shape: [2], data: [0, 0] });
  for (const each of [none, sink, upstream, masked, keyless, denominators.output, denominators.logSumExp!]) each.dispose();
  dispose();
}

/** Position 2 holds the NaN: rows 0 and 1 may not see it, rows 2 and 3 may. */
async function checkNaN(attend: Attend): Promise<void> {
  const [query, key, value] = [1, 2, 3].map((seed) => randomTensor([1, 1, 4, 3], seed)) as [Tensor, Tensor, Tensor];
  const [badKey, badValue] = [await withNaN(key, 2 * 3 + 1), await withNaN(value, 2 * 3 + 1)];
  const rows = (k: Tensor, v: Tensor) => outputRows(attend(query, k, v, { mask: masks.causal() }).output);
  const [clean, fromKey, fromValue] = [await rows(key, value), await rows(badKey, value), await rows(key, badValue)];
  for (const given of [fromKey, fromValue]) expect(given.slice(0, 2)).toEqual(clean.slice(0, 2));
  for (const row of fromKey.slice(2)) expect(row.every(Number.isNaN)).toBe(true);
  for (const row of fromValue.slice(2)) expect(row.map(Number.isNaN)).toEqual([false, true, false]);
  for (const each of [query, key, value, badKey, badValue]) each.dispose();
}

/** Query 1 may attend to nothing, and nobody to key 2: NaN there changes no gradient. */
async function checkNaNGradients(attend: Attend, softcap: number | undefined): Promise<void> {
  const [query, key, value] = [1, 2, 3].map((seed) => randomTensor([1, 1, 3, 2], seed)) as [Tensor, Tensor, Tensor];
  const bias = randomTensor([3, 3], 4);
  const clean = [query, key, value, bias];
  const bad = [await withNaN(query, 2), await withNaN(key, 5), await withNaN(value, 4), await withNaN(bias, 2)];
  const [open, shut] = [
    [true, true, false],
    [false, false, false],
  ] as const;
  const mask = masks.blockPattern({ blockSize: 1, pattern: [open, shut, open] });
  const gradients = (at: Tensor[]) =>
    grads((q: Tensor, k: Tensor, v: Tensor, b: Tensor) => attend(q, k, v, { bias: b, mask, softcap }).output as Tensor)(at);
  const [expected, actual] = [gradients(clean), gradients(bad)];
  for (const [index, each] of expected.entries()) await expectClose(actual[index]!, each, undefined, `gradient ${index}`);
  for (const each of [...clean, ...bad, ...expected, ...actual]) each.dispose();
}

async function withNaN(x: Tensor, at: number): Promise<Tensor> {
  const values = Float32Array.from(await x.data());
  values[at] = Number.NaN;
  return tensor(values, x.shape as [number], "float32");
}

async function outputRows(output: Tensor4D): Promise<number[][]> {
  const rows = (await output.array())[0]![0]!;
  output.dispose();
  return rows;
}

async function expectRowSums(weights: Tensor, expected: number): Promise<void> {
  const rows = sum(weights, -1);
  for (const each of await rows.data()) expect(each).toBeCloseTo(expected, 5);
  rows.dispose();
}

async function checkEmpty(attend: Attend, given: AttentionSizes): Promise<void> {
  const { sizes, inputs, dispose } = prepared({ title: "", sizes: given });
  const { batch, heads, queryLength, keyLength, valueDim } = sizes;
  const { output, weights, logSumExp } = attend(inputs[0]!, inputs[1]!, inputs[2]!, {
    mask: masks.causal(),
    needWeights: true,
    needLogSumExp: true,
  });
  expect([output.shape, weights!.shape, logSumExp!.shape]).toEqual([
    [batch, heads, queryLength, valueDim],
    [batch, heads, queryLength, keyLength],
    [batch, heads, queryLength],
  ]);
  expect((await output.data()).every((each) => each === 0)).toBe(true);
  const bias = zeros([queryLength, keyLength]);
  const average = attend(inputs[0]!, inputs[1]!, inputs[2]!, { bias, needWeights: true, averageWeights: true });
  expect(average.weights!.shape).toEqual([batch, queryLength, keyLength]);
  const learned = [...inputs, bias];
  const gradients = grads((...at: Tensor[]) => attend(at[0]!, at[1]!, at[2]!, { bias: at[3] }).output as Tensor)(learned, output);
  expect(gradients.map(({ shape }) => shape)).toEqual(learned.map(({ shape }) => shape));
  for (const each of gradients) expect((await each.data()).every((value) => value === 0)).toBe(true);
  for (const each of [output, weights!, logSumExp!, bias, average.output, average.weights!, ...gradients]) each.dispose();
  dispose();
}
