import { memory, mul, tensor2d } from "@tensorflow/tfjs-core";
import { generatingFixtureNames } from "@tfblocks/fixtures/models";
import type { PositionRange, RelativePositionBias } from "@tfblocks/positional";
import { quantize } from "@tfblocks/quantization";
import { borrowed, replaceParts, scope } from "@tfblocks/tensor-utils";
import { FusedAttention, withoutKernel } from "@tfblocks/tensor-utils/kernels";
import { CapturedStep, type Live, liveTensor } from "@tfblocks/tensor-utils/steps";
import { fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { generate } from "../generate.js";
import { EncoderDecoder, type LanguageModel } from "../index.js";
import { llama, t5 } from "../models.js";
import { goldenModel } from "../testing/golden-model.js";
import type { Decoder } from "./decoder.js";
import { decoderOf } from "./decoder-of.js";

interface Comparison {
  readonly refusal: string | undefined;
  /** How many steps only ran recorded kernels. */
  readonly repeated: number;
}

/** Runs the same tokens as a captured step and in plain calls, whose logits must be the same, bit for bit. */
function compare(model: Decoder, tokens: number, rows = 1): Comparison {
  const [ours, theirs] = [model.createCache(), model.createCache()];
  const ids = new Int32Array(rows);
  const step = new CapturedStep(
    () =>
      model.apply(
        liveTensor(() => ids, [rows, 1]),
        { cache: ours, lastOnly: true },
      ).logits,
  );
  const call = (numbers: readonly number[], cache: typeof ours) =>
    use(model.apply(use(tensor2d([...numbers], [rows, numbers.length / rows], "int32")), { cache, lastOnly: true })).logits;
  const prompt = Array.from({ length: 3 * rows }, (_, at) => (at * 4) % 11);
  for (const cache of [ours, theirs]) call(prompt, cache);
  let repeated = 0;
  for (let token = 0; token < tokens; token++) {
    ids.forEach((_, row) => (ids[row] = (token * 5 + row) % 17));
    const plain = call(Array.from(ids), theirs);
    expect(Array.from(step.run().dataSync()), `token ${token}`).toEqual(Array.from(plain.dataSync()));
    if (step.isRepeated) repeated++;
    if (token === 20) for (const cache of [ours, theirs]) cache.trim(cache.length - 4);
  }
  expect(ours.length).toBe(theirs.length);
  const { refusal } = step;
  for (const each of [step, ours, theirs]) each.dispose();
  return { refusal, repeated };
}

/** Three steps are not repeated at the start, and three where caches get room, once in about 60 tokens. */
const leastRepeated = (tokens: number) => tokens - 3 * (1 + Math.floor(tokens / 60));

const currentRange = (range: Live<PositionRange>): PositionRange => (typeof range === "function" ? range() : range);

const small = () => llama({ vocabSize: 40, dModel: 64, numLayers: 2, numHeads: 4, numKvHeads: 2, hiddenDim: 96, tiedHead: true });

describe.each(fusedBackendNames)("a captured step on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(generatingFixtureNames)("%s: gives the logits of plain calls, bit for bit", async (name) => {
    const { loaded } = use(await goldenModel(name));
    const source = () => use(tensor2d([[5, 6, 7]], [1, 3], "int32"));
    const model: Decoder =
      loaded.model instanceof EncoderDecoder ? use(decoderOf(loaded.model, source())) : (loaded.model as LanguageModel);
    const tokens = Math.min(140, model.maxLength - 3, (model.restartLength ?? Infinity) - 3);
    const { refusal, repeated } = compare(model, tokens);
    expect(refusal).toBeUndefined();
    if (tokens > 60) expect(repeated).toBeGreaterThanOrEqual(leastRepeated(tokens)); // Phi-3's window and restart leave few steps alike
  });

  it.each([8, 4] as const)("a model of %i bits, alone and in a batch", (bits) => {
    const model = use(quantize(use(small()), { bits, groupSize: 32 }));
    for (const rows of [1, 3]) {
      const { refusal, repeated } = compare(model, 80, rows);
      expect(refusal).toBeUndefined();
      expect(repeated).toBeGreaterThanOrEqual(leastRepeated(80));
    }
  });

  it("a relative bias has columns for 256 keys, then for 512", () => {
    const model = use(t5({ vocabSize: 20, dModel: 8, numLayers: 1, numHeads: 2, headDim: 4, hiddenDim: 8 }));
    const { refusal, repeated } = compare(use(decoderOf(model, use(tensor2d([[5, 6, 7]], [1, 3], "int32")))), 270);
    expect(refusal).toBeUndefined();
    expect(repeated).toBeGreaterThanOrEqual(leastRepeated(270) - 3);
  });

  it("composed attention is never repeated, and its bias loses the columns for later keys", () => {
    const model = use(t5({ vocabSize: 20, dModel: 8, numLayers: 1, numHeads: 2, headDim: 4, hiddenDim: 8 }));
    const decoder = use(decoderOf(model, use(tensor2d([[5, 6, 7]], [1, 3], "int32"))));
    const { refusal, repeated } = withoutKernel(FusedAttention, () => compare(decoder, 8));
    expect(repeated).toBe(0);
    expect(refusal).toBeDefined();
  });

  it.each([
    ["that passes the range on is repeated", (range: Live<PositionRange>) => range, undefined],
    ["that reads the range now runs plainly", (range: Live<PositionRange>) => currentRange(range), "its kernels change from run to run"],
  ] as const)("a custom bias %s", (_, read, expected) => {
    const model = use(t5({ vocabSize: 20, dModel: 8, numLayers: 1, numHeads: 2, headDim: 4, hiddenDim: 8 }));
    const wrapped = (bias: RelativePositionBias) => borrowed(bias, (inner) => ({ apply: (range) => inner.apply(read(range)) }));
    const own = use(replaceParts(model, "decoder.relativeBias", wrapped));
    const { refusal, repeated } = compare(use(decoderOf(own, use(tensor2d([[5, 6, 7]], [1, 3], "int32")))), 60);
    expect(refusal).toBe(expected);
    expect(repeated > 0).toBe(expected === undefined);
  });
});

describe.each(fusedBackendNames)("generate on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("calls a decoder of one's own plainly, since it may do something else at each token", async () => {
    const model = use(small());
    let calls = 0;
    const decoder: Decoder = {
      maxLength: model.maxLength,
      createCache: () => model.createCache(),
      apply: (ids, options) => ({ logits: scope(() => mul(model.apply(ids, options).logits, calls++ < 6 ? 1 : -1)) }),
    };
    const tokens: number[] = [];
    for await (const step of generate(decoder, [1, 2, 3], { maxNewTokens: 12 })) tokens.push(step.tokens[0]!);
    expect(calls).toBe(12);
    const plain: number[] = [];
    for await (const step of generate(model, [1, 2, 3], { maxNewTokens: 12 })) plain.push(step.tokens[0]!);
    expect(tokens.slice(0, 6)).toEqual(plain.slice(0, 6));
    expect(tokens[6]).not.toBe(plain[6]);
  });

  it("captures the steps of a model of a builder, and leaves nothing behind", async () => {
    const model = use(small());
    const before = memory();
    let steps = 0;
    for await (const _step of generate(model, [1, 2, 3], { maxNewTokens: 100 })) steps++;
    expect(steps).toBe(100);
    expect(memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  });
});
