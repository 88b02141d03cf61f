import { type Tensor, tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { AdamWUpdate, type AdamWUpdateAttrs, runKernel } from "@tfblocks/tensor-utils/kernels";
import { expectClose, expectSameBits, fusedBackendNames, randomNumbers, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

const attrs: AdamWUpdateAttrs = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.1, step: 1 };

interface State {
  readonly parameter: ArrayLike<number>;
  readonly m: ArrayLike<number>;
  readonly v: ArrayLike<number>;
}

/** One step in float64. */
function oracle({ parameter, m, v }: State, gradient: ArrayLike<number>, step: number): { parameter: number[]; m: number[]; v: number[] } {
  const { learningRate, beta1, beta2, eps, weightDecay } = attrs;
  const next = Array.from(parameter, (each, index) => {
    const g = gradient[index]!;
    const [newM, newV] = [beta1 * m[index]! + (1 - beta1) * g, beta2 * v[index]! + (1 - beta2) * g * g];
    const [mHat, vHat] = [newM / (1 - beta1 ** step), newV / (1 - beta2 ** step)];
    return [each * (1 - learningRate * weightDecay) - (learningRate * mHat) / (Math.sqrt(vHat) + eps), newM, newV] as const;
  });
  return { parameter: next.map(([p]) => p), m: next.map(([, each]) => each), v: next.map(([, , each]) => each) };
}

function gradientOf(count: number, step: number): Float32Array {
  return randomNumbers(count, step, 10 ** -step);
}

/** Several steps by the kernel. */
function train(count: number, steps: number): Tensor[] {
  return tidy(() => {
    let state = [tensor(randomNumbers(count, 99), [count]), zeros([count]), zeros([count])];
    for (let step = 1; step <= steps; step++) {
      const [parameter, m, v] = state as [Tensor, Tensor, Tensor];
      state = runKernel(AdamWUpdate, { parameter, gradient: tensor(gradientOf(count, step), [count]), m, v }, { ...attrs, step });
    }
    return state;
  });
}

describe.each(fusedBackendNames.map((name) => [name]))("AdamWUpdate on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([0, 1, 3, 4, 5, 1023, 8193])("follows PyTorch's formula for %i parameters over 5 steps", async (count) => {
    let state: State = { parameter: randomNumbers(count, 99), m: new Float32Array(count), v: new Float32Array(count) };
    for (let step = 1; step <= 5; step++) state = oracle(state, gradientOf(count, step), step);
    const trained = use(train(count, 5));
    await expectClose(trained[0]!, { shape: [count], data: state.parameter }, { atol: 1e-6, rtol: 1e-6 }, "parameter");
    await expectClose(trained[1]!, { shape: [count], data: state.m }, { atol: 1e-7, rtol: 1e-5 }, "m");
    await expectClose(trained[2]!, { shape: [count], data: state.v }, { atol: 1e-10, rtol: 1e-5 }, "v");
  });
});

describe("AdamWUpdate", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it("keeps a parameter that has no gradient and no decay", () => {
    const [parameter, none] = [use(tensor([1, -2, 3])), use(zeros([3]))];
    const outputs = use(runKernel(AdamWUpdate, { parameter, gradient: none, m: none, v: none }, { ...attrs, weightDecay: 0 }));
    expect([...outputs[0]!.dataSync()]).toEqual([1, -2, 3]);
  });

  it("gives the same bits on any number of threads", () => expectSameBits(() => train(50_001, 2)));

  it("rejects sizes that disagree, and leaks nothing", async () => {
    const [parameter, shorter] = [use(zeros([3])), use(zeros([2]))];
    expect(() =>
      runKernel(AdamWUpdate, { parameter, gradient: parameter, m: shorter, v: parameter }, attrs),
    ).toThrowErrorMatchingInlineSnapshot(`[ShapeError: AdamWUpdate: m must be [3], got [2]]`);
  });
});
