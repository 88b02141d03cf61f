import { memory, tensor, zeros } from "@tensorflow/tfjs-core";
import { backendNames, expectClose, expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { clipByGlobalNorm, globalNorm } from "@tfblocks/training";
import { beforeAll, describe, expect, it } from "vitest";

const exact = { atol: 1e-6, rtol: 1e-6 };

describe.each(backendNames.map((name) => [name]))("globalNorm and clipByGlobalNorm on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("give the norm of all gradients as one vector", async () => {
    const gradients = use({ a: tensor([3, 0]), b: tensor([[4], [12]]), none: zeros([0, 3]) });
    const norm = await expectNewTensors(() => globalNorm(gradients), 1);
    await expectClose(norm, { shape: [], data: [13] }, exact);
  });

  it("give 0 without gradients, and NaN if a gradient contains NaN", async () => {
    const withNaN = use({ a: tensor([1, NaN]), b: tensor([1]) });
    const norms = use([globalNorm({}), globalNorm(withNaN)]);
    await expectClose(norms[0]!, { shape: [], data: [0] }, exact);
    await expectClose(norms[1]!, { shape: [], data: [NaN] }, exact);
  });

  it.skipIf(backend.startsWith("web"))("stay finite where the sum of squares overflows, as in float64", async () => {
    const gradients = use({ a: tensor([3e30, 0]), b: tensor([4e30]) });
    const { norm, gradients: clipped } = use(clipByGlobalNorm(gradients, 1));
    await expectClose(norm, { shape: [], data: [5e30] }, exact);
    await expectClose(clipped["a"]!, { shape: [2], data: [0.6, 0] }, exact);
    await expectClose(use(globalNorm({ ...gradients, c: use(tensor([Infinity])) })), { shape: [], data: [Infinity] }, exact);
  });

  it("scale all gradients by one factor, and keep those within the limit", async () => {
    const gradients = use({ a: tensor([3, 0]), b: tensor([4]) });
    const before = memory().numTensors;
    const [clipped, unchanged] = [use(clipByGlobalNorm(gradients, 1)), use(clipByGlobalNorm(gradients, 6))];
    expect(memory().numTensors).toBe(before + 6);
    await expectClose(clipped.gradients["a"]!, { shape: [2], data: [0.6, 0] }, exact);
    await expectClose(clipped.gradients["b"]!, { shape: [1], data: [0.8] }, exact);
    await expectClose(unchanged.gradients["a"]!, gradients.a, { atol: 0, rtol: 0 });
    await expectClose(unchanged.norm, { shape: [], data: [5] }, exact);
  });
});

it("rejects a norm that is not positive", () => {
  expect(() => clipByGlobalNorm({}, 0)).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: clipByGlobalNorm: maxNorm must be a finite float32 number > 0, got 0]`,
  );
});
