import * as masks from "@tfblocks/masks";
import {
  describeAttention,
  describeTorchAttention,
  describeTorchMultiHeadAttention,
  expectClose,
  randomTensor,
  registerOracleKernels,
  useBackend,
} from "@tfblocks/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.js";

// The plainest backend that has the kernels: what holds here holds for any that keeps their contract.
const unregister = registerOracleKernels();
afterAll(unregister);

const prepare = () => useBackend("cpu");
describeAttention("cpu with fused kernels", scaledDotProductAttention, prepare);
describeTorchAttention("cpu with fused kernels", scaledDotProductAttention, prepare);
describeTorchMultiHeadAttention("cpu with fused kernels", prepare);

describe("a backend with fused kernels", () => {
  it("gets masks of many blocks, in which the composed path agrees", async () => {
    await prepare();
    const [query, key, value] = [randomTensor([2, 2, 150, 4], 1), randomTensor([2, 1, 130, 4], 2), randomTensor([2, 1, 130, 4], 3)];
    const mask = masks.and(masks.slidingWindow({ left: 70, right: 3 }), masks.padding({ lengths: [130, 65] }));
    const options = { mask, queryOffset: 5, keyOffset: 0 };
    const fused = scaledDotProductAttention(query, key, value, options);
    const composed = scaledDotProductAttention(query, key, value, { ...options, needWeights: true });
    await expectClose(fused.output, composed.output, { atol: 1e-6, rtol: 1e-5 });
    expect(fused.weights).toBeUndefined();
    for (const each of [query, key, value, fused.output, composed.output, composed.weights!]) each.dispose();
  });
});
