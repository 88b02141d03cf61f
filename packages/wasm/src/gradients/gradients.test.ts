import { dispose, grads, mul, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { checkGradients, expectClose, expectFlatResources, randomTensor, useBackend } from "@tfblocks/testkit";
import { setupWasm } from "@tfblocks/wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { failingInTfjs, type GradientCase } from "../testing/gradient-cases.js";

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
  const inputs = inputsOf(each);
  await checkGradients(each.f, inputs);
  dispose(inputs);
}

/** What the active backend computes, as plain numbers. */
async function computed(each: GradientCase): Promise<{ shape: number[]; data: ArrayLike<number> }[]> {
  const inputs = inputsOf(each);
  const gradients = gradientsOf(each, inputs);
  const numbers = await Promise.all(gradients.map(async (gradient) => ({ shape: gradient.shape, data: await gradient.data() })));
  dispose([...inputs, ...gradients]);
  return numbers;
}

describe("gradients of tfjs's own WASM backend", () => {
  beforeAll(() => setupWasm({ threads: 2, kernels: "off" }));

  it.each(named(failingInTfjs))("fail for %s", async (_, each) => {
    await expect(check(each)).rejects.toThrow(/./);
  });
});

describe.each(["fast", "repair"] as const)("gradients with kernels %j", (kernels) => {
  beforeAll(() => setupWasm({ threads: 2, kernels }));

  it.each(named(failingInTfjs))("of %s are those of finite differences", async (_, each) => {
    await check(each);
  });

  it.each(named(failingInTfjs))("of %s leave nothing behind", (_, each) => {
    const inputs = inputsOf(each);
    expectFlatResources(() => dispose(gradientsOf(each, inputs)), 30);
    dispose(inputs);
  });
});

describe("gradients after setupWasm", () => {
  it.each(named(failingInTfjs.filter(({ failsOnCpu }) => !failsOnCpu)))("of %s are the same on the CPU backend", async (_, each) => {
    await setupWasm({ threads: 2 });
    const onWasm = await computed(each);
    await useBackend("cpu");
    const inputs = inputsOf(each);
    const onCpu = gradientsOf(each, inputs);
    for (const [index, gradient] of onCpu.entries()) await expectClose(gradient, onWasm[index]!, { atol: 1e-4, rtol: 1e-4 });
    dispose([...inputs, ...onCpu]);
  });
});
