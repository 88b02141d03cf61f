import { fill, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import {
  GatedActivation,
  GatedActivationGrad,
  type GateName,
  Gelu,
  GeluGrad,
  runKernel,
  Rectifier,
  RectifierGrad,
  Silu,
  SiluGrad,
} from "@tfblocks/tensor-utils/kernels";
import {
  checkGradients,
  erf,
  expectClose,
  expectSameBits,
  fusedBackendNames,
  randomNumbers,
  randomTensor,
  slope,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const formulas: Readonly<Record<GateName, (x: number) => number>> = {
  sigmoid,
  relu: (x) => Math.max(0, x),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  geluTanh: (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x * sigmoid(x),
};
const gates = Object.keys(formulas) as GateName[];

interface Single {
  readonly name: GateName;
  readonly forward: string;
  readonly backward: string;
  readonly attrs: object;
}
const singles: readonly Single[] = [
  { name: "gelu", forward: Gelu, backward: GeluGrad, attrs: { approximate: "none" } },
  { name: "geluTanh", forward: Gelu, backward: GeluGrad, attrs: { approximate: "tanh" } },
  { name: "silu", forward: Silu, backward: SiluGrad, attrs: {} },
];

/** Numbers for which rounding and clamping could be visible: both tails, both sides of 0, and odd counts. */
const inputs = Float32Array.from([...Array.from({ length: 4001 }, (_, index) => (index - 2000) / 100), -1e-30, 1e-30, 1e-3, -1e-3]);
const tight = { atol: 3e-7, rtol: 4e-7 };

function close(actual: Tensor, expected: ArrayLike<number>, tolerance = tight): Promise<void> {
  return expectClose(actual, { shape: actual.shape, data: expected }, tolerance);
}

describe.each(fusedBackendNames.map((name) => [name]))("activations on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(singles)("$name is within 3e-7 of float64, its derivative within 4e-6", async ({ name, forward, backward, attrs }) => {
    const x = use(tensor(inputs));
    const dy = use(tensor(randomNumbers(inputs.length, 1)));
    const [y] = use(runKernel(forward, { x }, attrs));
    const [dx] = use(runKernel(backward, { dy, x }, attrs));
    const upstream = dy.dataSync();
    await close(y!, Array.from(inputs, formulas[name]));
    await close(
      dx!,
      Array.from(inputs, (each, index) => upstream[index]! * slope(formulas[name], each)),
      { atol: 1e-6, rtol: 4e-6 },
    );
  });

  it.each(singles)(
    "$name of huge numbers is 0 or the number itself, its derivative 0 or 1, and NaN stays NaN",
    ({ name, forward, backward, attrs }) => {
      const x = use(tensor([-1e30, -200, 200, 1e30, Infinity, NaN]));
      const dy = use(tensor([1, 1, 1, 1, 1, 1]));
      const [y] = use(runKernel(forward, { x }, attrs));
      const [dx] = use(runKernel(backward, { dy, x }, attrs));
      expect(Array.from(y!.dataSync(), (each) => each + 0)).toEqual([0, 0, 200, Math.fround(1e30), Infinity, NaN]);
      const slopes = Array.from(dx!.dataSync(), (each) => each + 0);
      expect([...slopes.slice(0, 4), slopes[5]], `slopes of ${name}`).toEqual([0, 0, 1, 1, NaN]);
    },
  );
});

describe.each(fusedBackendNames.map((name) => [name]))("gated activations on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(gates)("a gate of %s is within 5e-7 of float64, its gradients within 4e-6", async (activation) => {
    const numbers = inputs.filter((each) => Math.abs(each) > 1e-2); // relu has no derivative at 0
    const [gate, up, dy] = [
      use(tensor(numbers)),
      use(tensor(randomNumbers(numbers.length, 2))),
      use(tensor(randomNumbers(numbers.length, 3))),
    ];
    const [y] = use(runKernel(GatedActivation, { gate, up }, { activation }));
    const [dgate, dup] = use(runKernel(GatedActivationGrad, { dy, gate, up }, { activation }));
    const [ups, upstream] = [up.dataSync(), dy.dataSync()];
    const value = formulas[activation];
    const loose = { atol: 2e-6, rtol: 4e-6 };
    await close(
      y!,
      Array.from(numbers, (each, index) => value(each) * ups[index]!),
      { atol: 5e-7, rtol: 5e-7 },
    );
    await close(
      dgate!,
      Array.from(numbers, (each, index) => upstream[index]! * ups[index]! * slope(value, each)),
      loose,
    );
    await close(
      dup!,
      Array.from(numbers, (each, index) => upstream[index]! * value(each)),
      { atol: 1e-6, rtol: 5e-7 },
    );
  });
});

describe("activations", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it.each([0, 1, 2, 3, 4, 5, 1023, 20_001])("work on %i numbers", async (count) => {
    const x = use(tensor(randomNumbers(count, 1), [count]));
    const [y] = use(runKernel(Gelu, { x }, { approximate: "none" }));
    const [z] = use(runKernel(GatedActivation, { gate: x, up: x }, { activation: "silu" }));
    await close(y!, Array.from(x.dataSync(), formulas.gelu));
    await close(
      z!,
      Array.from(x.dataSync(), (each) => formulas.silu(each) * each),
      { atol: 1e-6, rtol: 1e-6 },
    );
  });

  it.each(singles)("$name is differentiable", async ({ forward, attrs }) => {
    const x = randomTensor([3, 7], 1);
    await checkGradients((at) => runKernel(forward, { x: at }, attrs)[0]!, [x]);
  });

  it.each(gates)("a gate of %s is differentiable", async (activation) => {
    const pair = [randomTensor([3, 7], 3), randomTensor([3, 7], 2)];
    await checkGradients((gate, up) => runKernel(GatedActivation, { gate: gate!, up: up! }, { activation })[0]!, pair);
  });

  it("give the same bits on any number of threads", () =>
    expectSameBits(() => {
      const [x, up] = [randomTensor([50_003], 1), randomTensor([50_003], 2)];
      const gated = gates.flatMap((activation) => [
        ...runKernel(GatedActivation, { gate: x, up }, { activation }),
        ...runKernel(GatedActivationGrad, { dy: x, gate: x, up }, { activation }),
      ]);
      return [...singles.flatMap(({ forward, attrs }) => runKernel(forward, { x }, attrs)), ...gated];
    }));
});

describe.each(fusedBackendNames.map((name) => [name]))("the rectifier on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("keeps what is positive and NaN, and passes gradients where x is positive", async () => {
    const x = use(tensor([-Infinity, -2, -1e-38, -0, 0, 1e-38, 3, Infinity, NaN]));
    const [y] = runKernel(Rectifier, { x }, {});
    expect(Array.from(await use(y).data(), (value) => value + 0)).toEqual([0, 0, 0, 0, 0, Math.fround(1e-38), 3, Infinity, NaN]);
    const [dx] = runKernel(RectifierGrad, { dy: use(fill([9], 2.5)), x }, {});
    expect(Array.from(await use(dx).data(), (value) => value + 0)).toEqual([0, 0, 0, 0, 0, 2.5, 2.5, 2.5, 0]);
  });
});

describe("activations refuse", () => {
  beforeAll(() => useBackend(fusedBackendNames[0]!));

  it("wrong sizes, types and names, and leak nothing", async () => {
    const [x, wider, whole] = [use(zeros([2, 3])), use(zeros([2, 4])), use(zeros([2, 3], "int32"))];
    expect(() => runKernel(Gelu, { x: whole }, { approximate: "none" })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: Gelu: x must be a float32 tensor, got int32]`,
    );
    expect(() => runKernel(Gelu, { x }, { approximate: "fast" as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: Gelu: approximate must be "none" or "tanh", got fast]`,
    );
    expect(() => runKernel(GatedActivation, { gate: x, up: wider }, { activation: "silu" })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: GatedActivation: up must be [2, 3], got [2, 4]]`,
    );
    expect(() => runKernel(GatedActivation, { gate: x, up: x }, { activation: "swish" as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: GatedActivation: activation must be "sigmoid" or "relu" or "gelu" or "geluTanh" or "silu", got swish]`,
    );
    expect(() => runKernel(SiluGrad, { dy: wider, x }, {})).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: SiluGrad: dy must be [2, 3], got [2, 4]]`,
    );
  });
});
