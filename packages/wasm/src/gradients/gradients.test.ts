import {
  dispose,
  gather,
  grad,
  grads,
  greater,
  matMul,
  mul,
  reshape,
  setBackend,
  stridedSlice,
  sum,
  type Tensor,
  type Tensor1D,
  tensor2d,
  tidy,
  tile,
  unsortedSegmentSum,
  where,
} from "@tensorflow/tfjs-core";
import { checkGradients, expectClose, expectFlatResources, randomTensor, startWasm, use, useBackend, allowLeaks } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { failingInTfjs, type GradientCase, rightInTfjs } from "../testing/gradient-cases.js";

const named = (cases: readonly GradientCase[]) => cases.map((each) => [each.title, each] as const);
const inputsOf = ({ shapes }: GradientCase) => shapes.map((shape, index) => randomTensor(shape, 21 + index));

/** The gradients of a weighted sum of the outputs. */
function gradientsOf({ f }: GradientCase, inputs: Tensor[]): Tensor[] {
  return tidy(() => {
    const weights = randomTensor(f(...inputs).shape, 3);
    return grads((...at: Tensor[]) => sum(mul(f(...at), weights)) as Tensor)(inputs);
  });
}

async function check(each: GradientCase): Promise<void> {
  const inputs = use(inputsOf(each));
  await checkGradients(each.f, inputs);
}

/** What the active backend computes, as plain numbers. */
async function computed(each: GradientCase): Promise<{ shape: number[]; data: ArrayLike<number> }[]> {
  const inputs = use(inputsOf(each));
  const gradients = use(gradientsOf(each, inputs));
  const numbers = await Promise.all(gradients.map(async (gradient) => ({ shape: gradient.shape, data: await gradient.data() })));
  dispose([...inputs, ...gradients]);
  return numbers;
}

describe("gradients of the WASM backend of tfjs", () => {
  beforeAll(() => startWasm({ threads: 2, kernels: "off" }));

  it.each(named(failingInTfjs))("fail for %s", async (_, each) => {
    allowLeaks(); // tfjs leaks when its kernels throw
    await expect(check(each)).rejects.toThrow(/./);
  });
});

describe.each(["fast", "repair"] as const)("gradients with kernels %j", (kernels) => {
  beforeAll(() => startWasm({ threads: 2, kernels }));

  it.each(named([...failingInTfjs, ...rightInTfjs]))("of %s agree with finite differences", async (_, each) => {
    await check(each);
  });

  it.each(named(failingInTfjs))("of %s leak nothing", (_, each) => {
    const inputs = use(inputsOf(each));
    expectFlatResources(() => dispose(gradientsOf(each, inputs)), 30);
  });
});

describe("gradients after setupWasm", () => {
  it.each(named([...failingInTfjs, ...rightInTfjs].filter(({ failsOnCpu }) => !failsOnCpu)))(
    "of %s are the same on the CPU backend",
    async (_, each) => {
      await startWasm({ threads: 2 });
      const onWasm = await computed(each);
      await useBackend("cpu");
      const inputs = use(inputsOf(each));
      const onCpu = use(gradientsOf(each, inputs));
      for (const [index, gradient] of onCpu.entries()) await expectClose(gradient, onWasm[index]!, { atol: 1e-4, rtol: 1e-4 });
    },
  );
});

// Not on the WASM backend of tfjs, whose heap such a gather may corrupt.
describe.each(["wasm", "cpu"])("the gradient of gather on %s", (backend) => {
  it("supports batch dimensions", async () => {
    await startWasm({ threads: 2 });
    await setBackend(backend);
    const ids = use(tensor2d([2, 0, 2, 1, 1, 0], [2, 3], "int32"));
    await checkGradients((x) => gather(x, ids, 1, 1), [randomTensor([2, 3, 4], 1)]);
    await checkGradients((x) => gather(x, ids, 2, 1), [randomTensor([2, 2, 3], 1)]);
  });
});

describe("second derivatives", () => {
  beforeAll(() => startWasm({ threads: 2 }));

  const ids = () => tensor2d([4, 0, 2, 2], [2, 2], "int32");
  it.each<[string, number[], (x: Tensor) => Tensor]>([
    ["gather", [5, 3], (x) => gather(x, use(ids()))],
    ["unsortedSegmentSum", [4, 3], (x) => unsortedSegmentSum(x, use(reshape(use(ids()), [4])) as Tensor1D, 4)],
    ["matMul", [2, 3, 4], (x) => matMul(x, randomTensor([4, 3], 2))],
    ["tile", [2, 3], (x) => tile(x, [2, 2])],
    ["stridedSlice", [5, 3], (x) => stridedSlice(x, [0, 0], [5, 3], [2, 2])],
    ["where", [3, 3], (x) => where(use(greater(x, 0.1)), use(mul(x, 2)), x)],
  ])("of %s agree with finite differences of the first", async (_, shape, f) => {
    const cube = (y: Tensor) => sum(use(() => mul(mul(y, y), y))) as Tensor;
    await checkGradients((x) => grad((at: Tensor) => cube(f(at)))(x), [randomTensor(shape, 5)]);
  });
});
