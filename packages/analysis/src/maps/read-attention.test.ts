import { memory, mul, ones, reshape, softmax, tensor, tensor1d, type Tensor, where, zeros } from "@tensorflow/tfjs-core";
import { and, causal, lastN, padding } from "@tfblocks/masks";
import { DisposedError, DTypeError, ShapeError } from "@tfblocks/tensor-utils";
import { backendNames, useBackend, use } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { entropy, readAttention, selfMass } from "../index.js";

const triangle = (): Tensor => tensor([1, 0, 0, 1, 1, 0, 1, 1, 1], [3, 3], "bool");

function causalSoftmax(): Tensor {
  const scores = use(tensor([0.5, -1, 2, 1, 0, 3, -2, 1, 0], [1, 1, 3, 3]));
  return softmax(use(where(use(reshape(use(triangle()), [1, 1, 3, 3])), scores, -1e9)));
}

describe.each(backendNames)("readAttention on %s", (name) => {
  beforeAll(() => useBackend(name));

  it("reads bool masks with two and with four dimensions", async () => {
    const weights = use(causalSoftmax());
    const flat = await readAttention(weights, { mask: use(triangle()) });
    const full = await readAttention(weights, { mask: use(reshape(use(triangle()), [1, 1, 3, 3])) });
    expect(entropy(flat)).toEqual(entropy(full));
    const p = 1 / (1 + Math.exp(-1));
    expect(entropy(flat).perHead[0]!.values[1]).toBeCloseTo(-p * Math.log(p) - (1 - p) * Math.log(1 - p), 5);
  });

  it("reads padding of keys and of queries", async () => {
    const weights = use(tensor([0.5, 0.5, 0, 0.25, 0.75, 0, 9, 9, 9], [1, 1, 3, 3]));
    const keep = use(tensor1d([true, true, false], "bool"));
    const maps = await readAttention(weights, { mask: use(reshape(keep, [1, 1, 1, 3])), queryKeep: keep });
    expect(selfMass(maps).perHead[0]!.values).toEqual([0.5, 0.75, null]);
  });

  it("gives the same maps for a mask and its dense tensor, with offsets", async () => {
    const [queryOffset, keyOffset] = [5, 4];
    const mask = and(causal(), lastN(3), padding({ lengths: [6, 8] }));
    const dense = use(mask.dense({ queryLength: 2, keyLength: 4, queryOffset, keyOffset }));
    const weights = use(() => softmax(where(dense, zeros([2, 3, 2, 4]), -1e9)));
    const [fromMask, fromDense] = [
      await readAttention(weights, { mask, queryOffset, keyOffset }),
      await readAttention(weights, { mask: dense, queryOffset, keyOffset }),
    ];
    expect(fromMask).toEqual(fromDense);
    expect([...fromMask.keyCounts]).toEqual([2, 2, 2, 2, 2, 2, 2, 3, 2, 3, 2, 3]);
  });
});

describe.each(backendNames)("readAttention and its tensors on %s", (name) => {
  beforeAll(() => useBackend(name));

  it("leaks no tensor, and its maps outlive the weights", async () => {
    const [weights, mask] = [use(causalSoftmax()), use(triangle())];
    const before = memory().numTensors;
    const maps = await readAttention(weights, { mask });
    expect(memory().numTensors, "live tensors").toBe(before);
    const first = entropy(maps);
    weights.dispose();
    mask.dispose();
    use(ones([1, 1, 3, 3]));
    expect(entropy(maps)).toEqual(first);
  });

  it("rejects other ranks, types and options, and disposed tensors", async () => {
    const weights = use(causalSoftmax());
    await expect(readAttention(weights, { mask: use(reshape(use(triangle()), [1, 3, 3])) })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: readAttention: mask must be [queryLength, keyLength] or [batch, heads, queryLength, keyLength], got [1, 3, 3]; reshape it to [1, 1, 3, 3] if the first axis is the batch, or to [1, 1, 3, 3] if it is the heads]`,
    );
    await expect(readAttention(weights, { mask: use(ones([3, 3])) })).rejects.toThrow(DTypeError);
    await expect(readAttention(weights, { mask: null, queryKeep: use(zeros([2, 3], "bool")) })).rejects.toThrow(ShapeError);
    await expect(readAttention(use(reshape(weights, [3, 3])), { mask: null })).rejects.toThrow(ShapeError);
    await expect(readAttention(use(mul(weights, 2)), { mask: use(triangle()) })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: readAttention: weights must be rows that sum to 1 ± 0.001 over their allowed keys, got a sum of 2 in batch 0, head 0, row 0; pass weights after softmax and before dropout, with the mask (true = may attend) that they were computed under]`,
    );
    await expect(readAttention(weights, { mask: null, offset: 1 } as never)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: readAttention: unknown option "offset"; known options: mask, queryKeep, queryOffset, keyOffset, sink, learnedKey, precision]`,
    );
    weights.dispose();
    await expect(readAttention(weights, { mask: null })).rejects.toThrow(DisposedError);
  });
});
