import { erf as erfOf, exp, rsqrt, sigmoid, sqrt, tanh, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { checkGradients, erf, expectClose, expectSameBits, fusedBackendNames, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, it } from "vitest";

interface Function {
  readonly name: string;
  readonly run: (x: Tensor) => Tensor;
  readonly formula: (x: number) => number;
  readonly atol: number;
  readonly rtol: number;
}

const functions: readonly Function[] = [
  { name: "exp", run: exp, formula: Math.exp, atol: 2e-45, rtol: 2e-7 },
  { name: "tanh", run: tanh, formula: Math.tanh, atol: 0, rtol: 3e-7 },
  { name: "erf", run: erfOf, formula: erf, atol: 2e-8, rtol: 2.5e-7 },
  { name: "sigmoid", run: sigmoid, formula: (x) => 1 / (1 + Math.exp(-x)), atol: 1e-37, rtol: 5e-6 },
  { name: "sqrt", run: sqrt, formula: Math.sqrt, atol: 0, rtol: 6e-8 },
  { name: "rsqrt", run: rsqrt, formula: (x) => 1 / Math.sqrt(x), atol: 0, rtol: 1.3e-7 },
];

const special = [0, -0, 1e-38, -1e-38, 1e-7, -1e-7, 88.5, -88.5, 103, -103, 1e30, -1e30, Infinity, -Infinity, NaN];
const inputs = Float32Array.from([...Array.from({ length: 6001 }, (_, index) => (index - 3000) / 33.3), ...special]);

describe.each(fusedBackendNames.map((name) => [name]))("elementwise functions on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(functions)("$name is within $rtol of float64", async ({ name, run, formula, atol, rtol }) => {
    const x = use(tensor(inputs));
    const y = use(run(x));
    await expectClose(y, { shape: [inputs.length], data: Float32Array.from(inputs, formula) }, { atol, rtol }, name);
  });

  it("sigmoid is within 4e-7 of float64 up to 5 on both sides; its far tail loses a digit", async () => {
    const x = use(tensor(inputs.filter((each) => Math.abs(each) <= 5)));
    const y = use(sigmoid(x));
    const expected = Array.from(x.dataSync(), (each) => 1 / (1 + Math.exp(-each)));
    await expectClose(y, { shape: x.shape, data: expected }, { atol: 0, rtol: 4e-7 });
  });
});

describe("elementwise functions", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it.each([0, 1, 2, 3, 4, 5, 8191, 8193])("work on %i numbers", async (count) => {
    const x = randomTensor([count], 1);
    const y = use(tanh(x));
    await expectClose(y, { shape: [count], data: Array.from(x.dataSync(), Math.tanh) }, { atol: 0, rtol: 3e-7 });
  });

  it.each(functions.filter(({ name }) => !name.includes("sqrt")))("$name keeps its gradient", async ({ run }) => {
    const x = randomTensor([3, 5], 1);
    await checkGradients(run, [x]);
  });

  it("give the same bits on any number of threads", () =>
    expectSameBits(() => functions.map(({ run }) => run(randomTensor([100_001], 1)))));
});
