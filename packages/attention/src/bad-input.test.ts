import { ones, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import { ArgumentError } from "@tfblocks/tensor-utils";
import { randomTensor, resources, use } from "@tfblocks/testkit";
import { afterAll, describe, expect, it } from "vitest";
import type { AttentionOptions } from "./attention-options.js";
import { multiHeadAttention } from "./multi-head-attention-sizes.js";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.js";

const [query, key, value] = [randomTensor([2, 4, 3, 5], 1), randomTensor([2, 2, 6, 5], 2), randomTensor([2, 2, 6, 5], 3)];
const attention = multiHeadAttention({ dModel: 8, numHeads: 2 });
const x = randomTensor([2, 3, 8], 4);
const disposed = zeros([2, 4, 3, 5]);
disposed.dispose();
const owned: Tensor[] = [];
const own = (created: Tensor): Tensor => {
  owned.push(created);
  return created;
};

afterAll(() => {
  attention.dispose();
  for (const each of [query, key, value, x, ...owned]) each.dispose();
});

/** The message of the ArgumentError that a call throws. Checks its fields, and that the call does not leak. */
function rejection(call: () => unknown): string {
  const before = resources();
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(ArgumentError);
    expect(resources()).toEqual(before);
    const { operation, argument, expected, received, message } = error as ArgumentError;
    for (const part of [operation, argument, expected, received]) expect(message).toContain(part);
    return message;
  }
  throw new Error("the call did not throw");
}

const attend = (changes: { query?: unknown; key?: unknown; value?: unknown }, options?: AttentionOptions) => {
  const inputs = { query, key, value, ...changes } as Record<"query" | "key" | "value", Tensor>;
  return rejection(() => scaledDotProductAttention(inputs.query, inputs.key, inputs.value, options));
};
const withOptions = (options: object) => attend({}, options);
const apply = (inputs: [unknown, unknown, unknown], options?: object) =>
  rejection(() => attention.apply(...(inputs as [Tensor, Tensor, Tensor]), options));

describe("scaledDotProductAttention rejects tensors:", () => {
  it("a wrong rank", () =>
    expect(attend({ query: use(own(use(zeros([3, 5])))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: query must be [batch, heads, queryLength, headDim], got [3, 5]"`,
    ));
  it("mismatched named dimensions", () =>
    expect(attend({ key: use(own(use(zeros([2, 2, 6, 4])))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: key must be [batch, kvHeads, keyLength, headDim] with headDim = 5 (from query), got [2, 2, 6, 4]"`,
    ));
  it("different numbers of keys and values", () =>
    expect(attend({ value: use(own(use(zeros([2, 2, 7, 5])))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: value must be [batch, kvHeads, keyLength, valueDim] with keyLength = 6 (from key), got [2, 2, 7, 5]"`,
    ));
  it("a number of key-value heads that does not divide the number of heads", () =>
    expect(attend({ key: use(own(use(zeros([2, 3, 6, 5])))), value: use(own(use(zeros([2, 3, 6, 5])))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: key must be [batch, kvHeads, keyLength, headDim] with kvHeads a divisor of heads = 4 (from query), got [2, 3, 6, 5]"`,
    ));
  it("zero heads", () =>
    expect(attend({ query: use(own(use(zeros([2, 0, 3, 5])))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: query must be [batch, heads, queryLength, headDim] with heads >= 1, got [2, 0, 3, 5]"`,
    ));
  it("int tensors", () =>
    expect(attend({ query: use(own(use(zeros([2, 4, 3, 5], "int32")))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: query must be a float32 tensor, got int32 [2, 4, 3, 5]; convert it with tf.cast(query, "float32") if that is what it means"`,
    ));
  it("disposed tensors", () =>
    expect(attend({ query: disposed })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: query must be a live tensor, got a disposed tensor; keep it alive until the call returns"`,
    ));
  it("a value that is not a tensor", () =>
    expect(attend({ query: [[1]] })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: query must be a float32 tensor, got an array of length 1"`,
    ));
});

describe("scaledDotProductAttention rejects masks and biases:", () => {
  it("a mask that cannot broadcast", () =>
    expect(withOptions({ mask: use(own(use(ones([3, 7], "bool")))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: mask must be [queryLength, keyLength] = [3, 6] or broadcastable to [batch, heads, queryLength, keyLength] = [2, 4, 3, 6], got [3, 7]"`,
    ));
  it("a 3-D mask, suggesting both possible shapes", () =>
    expect(withOptions({ mask: use(own(use(ones([2, 3, 6], "bool")))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: mask must be [queryLength, keyLength] = [3, 6] or broadcastable to [batch, heads, queryLength, keyLength] = [2, 4, 3, 6], got [2, 3, 6]; reshape it to [2, 1, 3, 6] if its first dimension is the batch, or to [1, 4, 3, 6] if it is the heads"`,
    ));
  it("a 0/1 float mask, suggesting the conversion", () =>
    expect(withOptions({ mask: use(own(use(ones([3, 6])))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: mask must be a Mask or a bool tensor, got float32 [3, 6]; convert it with masks.fromTensor(mask, { kind: "keep" }) if 1 means "may attend", or with { kind: "additive" } if it is added to the scores"`,
    ));
  it("an int mask", () =>
    expect(withOptions({ mask: use(own(use(ones([3, 6], "int32")))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: mask must be a Mask or a bool tensor, got int32 [3, 6]; convert it with masks.fromTensor(mask, { kind: "keep" }) if 1 means "may attend", or with { kind: "additive" } if it is added to the scores"`,
    ));
  it("a disposed mask", () =>
    expect(withOptions({ mask: disposed })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: mask must be a live tensor, got a disposed tensor; keep it alive until the call returns"`,
    ));
  it("a string as mask", () =>
    expect(withOptions({ mask: "causal" })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: mask must be a Mask or a bool tensor, got "causal"; make one with @tfblocks/masks, for example masks.causal()"`,
    ));
  it("a mask builder that was not called", () =>
    expect(withOptions({ mask: masks.causal })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: mask must be a Mask or a bool tensor, got function; make one with @tfblocks/masks, for example masks.causal()"`,
    ));
  it("a mask made for a different batch size", () =>
    expect(withOptions({ mask: masks.padding({ lengths: [1, 2, 3] }) })).toMatchInlineSnapshot(
      `"mask.dense: batch must be 3, the batch of the mask, got 2"`,
    ));
  it("a bool bias", () =>
    expect(withOptions({ bias: use(own(use(ones([3, 6], "bool")))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: bias must be a float32 tensor, got bool [3, 6]; convert it with tf.cast(bias, "float32") if that is what it means"`,
    ));
});

describe("scaledDotProductAttention rejects options:", () => {
  it("a scale that is not finite", () =>
    expect(withOptions({ scale: Infinity })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: scale must be a finite float32 number, got Infinity"`,
    ));
  it("a scale or softcap that is infinite in float32", () => {
    expect(withOptions({ scale: 1e39 })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: scale must be a finite float32 number, got 1e+39"`,
    );
    expect(withOptions({ softcap: Number.MAX_VALUE })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: softcap must be a finite float32 number > 0, got 1.7976931348623157e+308"`,
    );
  });
  it("a softcap of 0", () =>
    expect(withOptions({ softcap: 0 })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: softcap must be a finite float32 number > 0, got 0"`,
    ));
  it("a sink for a different number of heads", () =>
    expect(withOptions({ sink: use(own(use(zeros([2])))) })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: sink must be [heads] with heads = 4 (from query), got [2]"`,
    ));
  it("options that are not an object", () =>
    expect(withOptions(null as never)).toMatchInlineSnapshot(
      `"scaledDotProductAttention: options must be an object, got null; known options: mask, bias, scale, softcap, sink, dropout, training, seed, needWeights, averageWeights, needLogSumExp, taps, queryOffset, keyOffset"`,
    ));
  it("taps that are not arrays", () => {
    for (const taps of [{}, [], true, null, { stages: "raw" }, { stages: null }]) {
      expect(withOptions({ taps })).toMatch(/^scaledDotProductAttention: taps.stages must be an array, got /);
    }
    for (const heads of [null, 0, "01"]) {
      expect(withOptions({ taps: { stages: ["raw"], heads } })).toMatch(/: taps.heads must be an array, got /);
    }
  });
});

describe("scaledDotProductAttention rejects dropout, offsets and unknown names:", () => {
  it("a dropout of 1", () =>
    expect(withOptions({ dropout: 1, training: true, seed: 0 })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: dropout must be a number in [0, 1), got 1"`,
    ));
  it("an unknown option", () =>
    expect(withOptions({ isCausal: true })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: unknown option "isCausal"; pass mask: causal(), of @tfblocks/masks; known options: mask, bias, scale, softcap, sink, dropout, training, seed, needWeights, averageWeights, needLogSumExp, taps, queryOffset, keyOffset"`,
    ));
  it("a mask instead of options", () =>
    expect(attend({}, masks.causal() as never)).toMatchInlineSnapshot(
      `"scaledDotProductAttention: options must be an options object, got a mask; pass a mask as { mask }"`,
    ));
  it("a negative offset", () =>
    expect(withOptions({ queryOffset: -1 })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: queryOffset must be an integer >= 0, got -1"`,
    ));
  it("a head to tap that does not exist", () =>
    expect(withOptions({ taps: { stages: ["raw"], heads: [4] } })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: taps.heads must be an integer from 0 to 3, got 4"`,
    ));
  it("a stage that does not exist", () =>
    expect(withOptions({ taps: { stages: ["dropped"] } })).toMatchInlineSnapshot(
      `"scaledDotProductAttention: taps.stages must be one of raw, scaled, biased, capped, masked, probabilities, got "dropped""`,
    ));
  it("scores of more than 2^31 - 1 bytes, before allocating them", () => {
    const long = use(own(use(zeros([1, 1, 30_000, 1]))));
    expect(rejection(() => scaledDotProductAttention(long, long, long))).toMatchInlineSnapshot(
      `"scaledDotProductAttention: scores [1, 1, 30000, 30000] must be at most 2147483647 bytes, got 3600000000 bytes; use a shorter sequence, fewer heads or a smaller batch"`,
    );
  });
});

describe("MultiHeadAttention.apply rejects", () => {
  it("an unknown option", () =>
    expect(apply([x, x, x], { causal: true })).toMatchInlineSnapshot(
      `"MultiHeadAttention.apply: unknown option "causal"; pass mask: causal(), of @tfblocks/masks; known options: mask, bias, training, seed, needWeights, averageWeights, needLogSumExp, taps, queryOffset, keyOffset, positions, cache"`,
    ));
  it("a mask instead of options", () =>
    expect(apply([x, x, x], masks.causal())).toMatchInlineSnapshot(
      `"MultiHeadAttention.apply: options must be an options object, got a mask; pass a mask as { mask }"`,
    ));
  it("a wrong rank", () =>
    expect(apply([query, x, x])).toMatchInlineSnapshot(
      `"MultiHeadAttention.apply: query must be [batch, queryLength, dModel], got [2, 4, 3, 5]"`,
    ));
  it("a query of a different width", () =>
    expect(apply([use(own(use(zeros([2, 3, 9])))), x, x])).toMatchInlineSnapshot(
      `"MultiHeadAttention.apply: query must be [batch, queryLength, dModel] with dModel = 8 (from the query projection), got [2, 3, 9]"`,
    ));
  it("options that are not an object", () =>
    expect(apply([x, x, x], null as never)).toMatchInlineSnapshot(
      `"MultiHeadAttention.apply: options must be an object, got null; known options: mask, bias, training, seed, needWeights, averageWeights, needLogSumExp, taps, queryOffset, keyOffset, positions, cache"`,
    ));
  it("a value that is not a cache", () =>
    expect(apply([x, x, x], { cache: {} })).toMatchInlineSnapshot(
      `"MultiHeadAttention.apply: cache must be a KeyValueCache, got an object; make one with new GrowingCache() of @tfblocks/attention/caches"`,
    ));
  it("a different batch size", () =>
    expect(apply([x, use(own(use(zeros([1, 3, 8])))), use(own(use(zeros([1, 3, 8]))))])).toMatchInlineSnapshot(
      `"MultiHeadAttention.apply: key must be [batch, keyLength, keyInputDim] with batch = 2 (from query), got [1, 3, 8]"`,
    ));
  it("int tensors", () =>
    expect(apply([use(own(use(tensor([[[1, 2, 3, 4, 5, 6, 7, 8]]], [1, 1, 8], "int32")))), x, x])).toMatchInlineSnapshot(
      `"MultiHeadAttention.apply: query must be a float32 tensor, got int32 [1, 1, 8]; convert it with tf.cast(query, "float32") if that is what it means"`,
    ));
});
