import { concat, range, slice, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import * as masks from "@tfblocks/masks";
import { RotaryEmbedding } from "@tfblocks/positional";
import { Random } from "@tfblocks/tensor-utils";
import { backendNames, expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { GrowingCache } from "./caches.js";
import type { MultiHeadAttention } from "./multi-head-attention.js";
import { multiHeadAttention } from "./multi-head-attention-sizes.js";

const mask = masks.causal();
const make = (rotary?: RotaryEmbedding) =>
  multiHeadAttention({ dModel: 8, numHeads: 2, numKvHeads: 1, random: new Random(1), ...(rotary && { rotary }) });
const turning = () => make(new RotaryEmbedding({ headDim: 4 }));

describe.each(backendNames)("rotary attention on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  const attend = (attention: MultiHeadAttention, x: Tensor, options: object = {}) =>
    attention.apply(x, x, x, { mask, needWeights: false, ...options }).output;

  it("depends only on distances: shifting all positions changes nothing", async () => {
    const [attention, still, x] = [use(turning()), use(make()), randomTensor([2, 5, 8], 2)];
    const moved = use(range(70, 75, 1, "int32"));
    const [first, shifted, unturned] = [use(attend(attention, x)), use(attend(attention, x, { positions: moved })), use(attend(still, x))];
    await expectClose(shifted, first, { atol: 2e-6, rtol: 1e-5 });
    expect(await unturned.array()).not.toEqual(await first.array());
  });

  it("continues the positions of a cache", async () => {
    const [attention, x, cache] = [use(turning()), randomTensor([2, 5, 8], 3), use(new GrowingCache())];
    const [start, end] = [use(slice(x, [0, 0, 0], [-1, 3, -1])), use(slice(x, [0, 3, 0], [-1, 2, -1]))];
    const [full, ...parts] = use([use(attend(attention, x)), attend(attention, start, { cache }), attend(attention, end, { cache })]);
    const joined = use(concat(parts, 1));
    await expectClose(joined, full!, { atol: 1e-6, rtol: 1e-5 });
  });

  it("accepts different positions for each row of a batch", async () => {
    const [attention, x] = [use(turning()), randomTensor([2, 3, 8], 4)];
    const positions = use(tensor2d([0, 5, 9, 2, 7, 11], [2, 3], "int32"));
    const together = use(attend(attention, x, { positions }));
    for (const row of [0, 1]) {
      const [one, at] = [use(slice(x, [row, 0, 0], [1, -1, -1])), use(slice(positions, [row, 0], [1, -1]))];
      const [alone, expected] = [use(attend(attention, one, { positions: at })), use(slice(together, [row, 0, 0], [1, -1, -1]))];
      await expectClose(alone, expected, { atol: 1e-6, rtol: 1e-5 });
    }
  });
});
