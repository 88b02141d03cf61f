import * as masks from "@tfblocks/masks";
import { FusedAttention, withoutKernel } from "@tfblocks/tensor-utils/kernels";
import {
  describeAttention,
  describeTorchAttention,
  describeTorchMultiHeadAttention,
  expectClose,
  randomTensor,
  registerOracleKernels,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { afterAll, describe, expect, it } from "vitest";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.js";

// The CPU backend with float64 oracles registered as kernels: what holds here holds for any backend with these kernels.
const unregister = registerOracleKernels();
afterAll(unregister);

const sameBits = { atol: 0, rtol: 0 };
const prepare = () => useBackend("cpu");
describeAttention("cpu with fused kernels", scaledDotProductAttention, prepare);
describeTorchAttention("cpu with fused kernels", scaledDotProductAttention, prepare);
describeTorchMultiHeadAttention("cpu with fused kernels", prepare);

describe("a backend with fused kernels", () => {
  it("agrees with the composed path for masks of many blocks", async () => {
    await prepare();
    const [query, key, value] = [randomTensor([2, 2, 150, 4], 1), randomTensor([2, 1, 130, 4], 2), randomTensor([2, 1, 130, 4], 3)];
    const mask = masks.and(masks.slidingWindow({ left: 70, right: 3 }), masks.padding({ lengths: [130, 65] }));
    const options = { mask, queryOffset: 5, keyOffset: 0 };
    const fused = use(scaledDotProductAttention(query, key, value, options));
    const composed = use(withoutKernel(FusedAttention, () => scaledDotProductAttention(query, key, value, options)));
    await expectClose(fused.output, composed.output, { atol: 1e-6, rtol: 1e-5 });
    expect(fused.weights).toBeUndefined();
  });

  it("returns weights from the kernel, averaged too, and the same output bits as without", async () => {
    await prepare();
    const [query, key, value] = [randomTensor([2, 4, 70, 4], 1), randomTensor([2, 2, 70, 4], 2), randomTensor([2, 2, 70, 3], 3)];
    const mask = masks.and(masks.causal(), masks.padding({ lengths: [70, 0] }));
    for (const averageWeights of [false, true]) {
      const asking = { mask, needWeights: true, averageWeights };
      const plain = use(scaledDotProductAttention(query, key, value, { mask }));
      const asked = use(scaledDotProductAttention(query, key, value, asking));
      const composed = use(withoutKernel(FusedAttention, () => scaledDotProductAttention(query, key, value, asking)));
      await expectClose(asked.output, plain.output, sameBits);
      await expectClose(asked.weights!, composed.weights!, { atol: 1e-6, rtol: 1e-5 });
    }
  });

  it("returns the same output bits when weights and stages are requested, and the weights of the composed path", async () => {
    await prepare();
    const [query, key, value] = [randomTensor([2, 4, 5, 4], 1), randomTensor([2, 2, 7, 4], 2), randomTensor([2, 2, 7, 3], 3)];
    const asking = { mask: masks.causal(), queryOffset: 2, needWeights: true, taps: { stages: ["scaled", "probabilities"] as const } };
    const plain = scaledDotProductAttention(query, key, value, { mask: asking.mask, queryOffset: 2 });
    const asked = scaledDotProductAttention(query, key, value, asking);
    const composed = withoutKernel(FusedAttention, () => scaledDotProductAttention(query, key, value, asking));
    await expectClose(asked.output, plain.output, sameBits);
    await expectClose(asked.weights!, composed.weights!, sameBits);
    await expectClose(asked.taps!.scaled!, composed.taps!.scaled!, sameBits);
    use([plain, asked, composed].flatMap(({ output, weights, taps }) => [output, weights, ...Object.values(taps ?? {})]));
  });
});
