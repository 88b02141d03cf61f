import { einsum, grad, grads, square, sum, type Tensor, tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";
import {
  checkGradients,
  expectClose,
  expectFlatResources,
  expectNewTensors,
  randomTensor,
  startWasm,
  useBackend,
  use,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { readEquation } from "../einsum/equation.js";

const cases: readonly [string, ...number[][]][] = [
  ["ij,jk->ik", [3, 4], [4, 5]],
  ["ij,jk", [3, 4], [4, 5]],
  ["ba,cb", [3, 4], [5, 3]],
  ["ji, kj -> ki", [4, 3], [5, 4]],
  ["bqd,bkd->bqk", [2, 3, 4], [2, 5, 4]],
  ["bhqk,bkhd->bqhd", [2, 3, 2, 4], [2, 4, 3, 2]],
  ["bqhd,bkhd->bhqk", [2, 3, 2, 4], [2, 5, 2, 4]],
  ["abc,cd->abd", [2, 3, 4], [4, 2]],
  ["abc,cde->abde", [2, 3, 4], [4, 2, 3]],
  ["ij,ij->i", [3, 4], [3, 4]],
  ["ij,ij->ji", [3, 4], [3, 4]],
  ["ij,ij->", [3, 4], [3, 4]],
  ["i,j->ji", [3], [4]],
  ["ijk,jl->il", [2, 3, 4], [3, 5]],
  ["ij,kl->", [2, 3], [4, 2]],
  ["ij,kl->il", [2, 3], [4, 2]],
  [",ij->ji", [], [2, 3]],
  ["ij->ji", [2, 3]],
  ["ij->j", [2, 3]],
  ["ij->", [2, 3]],
  ["ii->i", [4, 4]],
  ["ii", [4, 4]],
  ["iij,ji->ji", [3, 3, 2], [2, 3]],
  ["iii->i", [3, 3, 3]],
  ["ijij->ji", [2, 3, 2, 3]],
  ["...ij,...jk->...ik", [2, 1, 3, 4], [5, 4, 2]],
  ["...d,de->...e", [2, 3, 4], [4, 5]],
  ["...i,...i", [2, 3, 4], [3, 4]],
  ["i...->...", [2, 3, 4]],
  ["ab,bc,cd->ad", [2, 3], [3, 4], [4, 2]],
  ["ab,ab,b->a", [2, 3], [2, 3], [3]],
  ["ij,jk->ik", [1, 1], [1, 1]],
  ["ij,jk->ik", [3, 0], [0, 2]],
  ["ij,jk->ik", [0, 3], [3, 2]],
];

const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** The sum over all values of all labels, in float64 loops. */
function oracle(equation: string, inputs: readonly { shape: number[]; data: ArrayLike<number> }[]) {
  const { terms, output, sizes } = readEquation(
    equation,
    inputs.map(({ shape }) => shape),
  );
  const [labels, shape] = [[...sizes.keys()], output.map((label) => sizes.get(label)!)];
  const data = new Float64Array(count(shape));
  for (let cell = 0; cell < count([...sizes.values()]); cell++) {
    const at = new Map<string, number>();
    labels.reduceRight((rest, label) => {
      at.set(label, rest % sizes.get(label)!);
      return Math.floor(rest / sizes.get(label)!);
    }, cell);
    const index = (term: readonly string[], from: readonly number[]) =>
      term.reduce((place, label, axis) => place * from[axis]! + (from[axis] === 1 ? 0 : at.get(label)!), 0);
    const product = inputs.reduce((value, input, which) => value * input.data[index(terms[which]!, input.shape)]!, 1);
    data[index(output, shape)]! += product;
  }
  return { shape, data };
}

const inputsOf = (shapes: readonly number[][]) => shapes.map((shape, index) => randomTensor(shape, 31 + index));

async function expectRight(equation: string, shapes: readonly number[][]): Promise<void> {
  const inputs = use(inputsOf(shapes));
  const numbers = await Promise.all(inputs.map(async (input) => ({ shape: input.shape, data: await input.data() })));
  const result = await expectNewTensors(() => einsum(equation, ...inputs), 1);
  await expectClose(result, oracle(equation, numbers));
}

describe("einsum on the WASM backend of tfjs", () => {
  it("does not exist", async () => {
    await startWasm({ threads: 1, kernels: "off" });
    expect(() => einsum("ij,jk->ik", use(zeros([2, 2])), use(zeros([2, 2])))).toThrow("Kernel 'Einsum' not registered");
  });
});

const kernelSets = ["fast", "repair"] as const;

describe.each(kernelSets)("einsum with kernels %j", (kernels) => {
  beforeAll(() => startWasm({ threads: 2, kernels }));

  it.each(cases)("computes %s of %j", (equation, ...shapes) => expectRight(equation, shapes));

  it("gives integers for integers", async () => {
    const result = use(() => einsum("ij,j->i", tensor2d([1, 2, 3, 4], [2, 2], "int32"), tensor1d([5, 6], "int32")));
    expect(result.dtype).toBe("int32");
    expect([...(await result.data())]).toEqual([17, 39]);
  });

  it("says what is wrong with an equation", () => {
    const [x, y] = [use(zeros([2, 3])), use(zeros([4, 2]))];
    expect(() => einsum("ij->i->j", x)).toThrow("einsum: equation must be one term of letters for each tensor");
    expect(() => einsum("i1,jk", x, y)).toThrow("einsum: equation must be one term of letters for each tensor");
    expect(() => einsum("ij,jk", x)).toThrow(/einsum: equation must be one term .* \(1\), got ij,jk/);
    expect(() => einsum("ij->k", x)).toThrow("einsum: equation must be one whose output names each label once");
    expect(() => einsum("ij->ii", x)).toThrow("einsum: equation must be one whose output names each label once");
    expect(() => einsum("ijk->i", x)).toThrow('einsum: tensors must be of the rank of its term "ijk", got rank 2');
    expect(() => einsum("i->i", x)).toThrow('einsum: tensors must be of the rank of its term "i", got rank 2');
    expect(() => einsum("ij,jk->ik", x, y)).toThrow("einsum: tensors must be of one size for each label (j = 3), got j = 4");
  });

  it("leaks nothing, also when it throws", () => {
    const [x, y] = [use(zeros([2, 3])), use(zeros([3, 2]))];
    expectFlatResources((index) => (index % 3 === 2 ? einsum("ij,jk->ik", x, x) : einsum("ij,jk->ki", x, y)).dispose(), 100);
  });
});

describe.each(kernelSets)("the gradient of einsum with kernels %j", (kernels) => {
  beforeAll(() => startWasm({ threads: 2, kernels }));

  it.each(cases.filter(([, ...shapes]) => count(shapes.flat()) > 0))("is right for %s of %j", async (equation, ...shapes) => {
    await checkGradients((...at) => einsum(equation, ...at), inputsOf(shapes));
  });

  it("is zero for empty sums", async () => {
    const inputs = [use(zeros([3, 0])), use(zeros([0, 2]))];
    const gradients = use(grads((...at: Tensor[]) => einsum("ij,jk->ik", ...at))(inputs));
    expect(gradients.map(({ shape }) => shape)).toEqual([
      [3, 0],
      [0, 2],
    ]);
  });

  it("is differentiable", async () => {
    const [a, b] = use(
      inputsOf([
        [2, 3],
        [3, 2],
      ]),
    ) as [Tensor, Tensor];
    const first = (x: Tensor) => grad((at: Tensor) => sum(square(einsum("ij,jk->ik", at, b))) as Tensor)(x);
    await checkGradients(first, [a]);
  });
});

describe("the gradient of einsum", () => {
  it("exists on the CPU backend too", async () => {
    await startWasm({ threads: 1 });
    await useBackend("cpu");
    await checkGradients(
      (a, b) => einsum("bqd,bkd->bqk", a, b),
      inputsOf([
        [2, 3, 4],
        [2, 5, 4],
      ]),
    );
  });
});
