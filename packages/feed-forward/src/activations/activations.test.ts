import { grad, type Tensor, tensor, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import {
  backendNames,
  checkGradients,
  countsMemory,
  erf,
  expectClose,
  expectFlatResources,
  expectNewTensors,
  randomNumbers,
  randomTensor,
  slope,
  useBackend,
  use,
} from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { activation, activationNames, canonicalActivationName, huggingFaceActivationName, isActivationName } from "./activation.js";
import { gelu, geluTanh } from "./gelu.js";
import { identity } from "./identity.js";
import { quickGelu, silu } from "./silu.js";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Each activation in float64. */
const formulas: Readonly<Record<string, (x: number) => number>> = {
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  geluTanh: (x) => x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)),
  silu: (x) => x * sigmoid(x),
  relu: (x) => Math.max(0, x),
  sigmoid,
  tanh: Math.tanh,
  quickGelu: (x) => x * sigmoid(1.702 * x),
  relu2: (x) => Math.max(0, x) ** 2,
  identity: (x) => x,
};
const names = Object.keys(formulas);
const isKinked = (name: string) => name.startsWith("relu");

/** Both tails, both sides of 0, and an odd count. */
const numbers = Float32Array.from([...Array.from({ length: 801 }, (_, index) => (index - 400) / 20), -1e-3, 1e-3, -1e-30, 1e-30]);

describe.each(backendNames.map((name) => [name]))("activations on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(names)("%s is within 1e-6 (1 + |y|) of float64", async (name) => {
    const y = use(activation(name)(use(tensor(numbers))));
    await expectClose(y, { shape: y.shape, data: Array.from(numbers, formulas[name]!) }, { atol: 1e-6, rtol: 1e-6 });
  });

  it.each(names)("the gradient of %s is within 4e-6 of float64", async (name) => {
    const away = isKinked(name) ? numbers.filter((each) => Math.abs(each) > 1e-2) : numbers;
    const upstream = randomNumbers(away.length, 1);
    const dx = use(grad(activation(name))(use(tensor(away)), use(tensor(upstream))));
    const expected = Array.from(away, (each, index) => upstream[index]! * slope(formulas[name]!, each));
    await expectClose(dx, { shape: dx.shape, data: expected }, { atol: 4e-6, rtol: 4e-6 });
  });

  it.each(names)("%s has the gradient of finite differences", (name) =>
    checkGradients((x) => activation(name)(x!), [randomTensor([3, 2, 7], 2)]),
  );

  it.each([
    ["gelu", [0, 0.5, 1]],
    ["geluTanh", [0, 0.5, 1]],
    ["silu", [0, 0.5, 1]],
    ["relu", [0, 0, 1]],
    ["sigmoid", [0, 0.25, 0]],
    ["tanh", [0, 1, 0]],
    ["quickGelu", [0, 0.5, 1]],
    ["relu2", [0, 0, 2e4]],
    ["identity", [1, 1, 1]],
  ] as const)("the slope of %s at -1e4, 0 and 1e4 is %j", async (name, expected) => {
    const dx = use(grad(activation(name))(use(tensor([-1e4, 0, 1e4]))));
    await expectClose(dx, { shape: [3], data: expected }, { atol: 1e-6, rtol: 1e-6 });
  });
});

describe.each(backendNames.map((name) => [name]))("edge cases of activations on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(names.filter((name) => name !== "identity" && name !== "tanh" && name !== "relu2" && name !== "sigmoid"))(
    "%s of a huge number is 0 or the number itself, and of NaN is NaN",
    async (name) => {
      const y = use(activation(name)(use(tensor([-1e30, -200, 200, 1e30, Infinity, NaN]))));
      expect(Array.from(await y.data(), (each) => each + 0)).toEqual([0, 0, 200, Math.fround(1e30), Infinity, NaN]);
    },
  );

  it.each(names)("%s returns NaN for NaN and supports empty tensors", async (name) => {
    expect(Number.isNaN((await use(activation(name)(use(tensor([1, NaN])))).data())[1])).toBe(true);
    const none = use(zeros([2, 0, 3]));
    expect(use(activation(name)(none)).shape).toEqual([2, 0, 3]);
    expect(use(grad(activation(name))(none, none)).shape).toEqual([2, 0, 3]);
  });

  it.each(names)("%s returns one new tensor, and does not leak over many gradients", async (name) => {
    const [x, wrong] = [randomTensor([2, 5], 1), use(zeros([2], "int32"))];
    await expectNewTensors(() => activation(name)(x), 1);
    if (countsMemory(backend)) expectFlatResources((index) => grad(activation(name))(index % 4 === 3 ? wrong : x).dispose(), 100);
  });
});

describe("activation", () => {
  it.each([
    ["gelu_new", geluTanh],
    ["gelu_pytorch_tanh", geluTanh],
    ["gelu_fast", geluTanh],
    ["gelu_python", gelu],
    ["swish", silu],
    ["quick_gelu", quickGelu],
    ["linear", identity],
  ])("knows Hugging Face's %s", (name, expected) => expect(activation(name)).toBe(expected));

  it("returns a function for every name that it lists", () => {
    for (const name of activationNames) expect(activation(name)).toBeTypeOf("function");
  });

  it("gives each name its name here and one of Hugging Face's", () => {
    expect(canonicalActivationName("gelu_pytorch_tanh")).toBe("geluTanh");
    expect(huggingFaceActivationName("geluTanh")).toBe("gelu_new");
    expect(huggingFaceActivationName("gelu_pytorch_tanh")).toBe("gelu_pytorch_tanh");
    expect(huggingFaceActivationName("identity")).toBe("linear");
    for (const name of activationNames) {
      expect(isActivationName(name)).toBe(true);
      expect(activation(canonicalActivationName(name))).toBe(activation(name));
      expect(activation(huggingFaceActivationName(name))).toBe(activation(name));
    }
    expect(isActivationName("constructor")).toBe(false);
    expect(() => huggingFaceActivationName("mish" as never)).toThrow("huggingFaceActivationName: name must be one of gelu");
  });

  it("rejects other names and lists the known ones", () => {
    expect(() => activation("mish")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: activation: name must be one of gelu, geluTanh, silu, relu, sigmoid, tanh, quickGelu, relu2, identity, gelu_python, gelu_new, gelu_pytorch_tanh, gelu_fast, swish, quick_gelu, linear, got "mish"]`,
    );
    expect(() => activation("toString")).toThrow("activation: name must be one of gelu");
    expect(() => activation(undefined as never)).toThrow("got undefined");
  });
});

describe("the arguments of activations", () => {
  beforeAll(() => useBackend("cpu"));

  it("gelu selects its form by name", async () => {
    const x = randomTensor([9], 1);
    await expectClose(gelu(x, { approximate: "tanh" }), geluTanh(x), { atol: 0, rtol: 0 });
    expect(() => gelu(x, { approximate: "fast" as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: gelu: approximate must be "none" or "tanh", got "fast"]`,
    );
    expect(() => gelu(x, { tanh: true } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: gelu: unknown option "tanh"; known options: approximate]`,
    );
  });

  it("one that is not a float32 tensor is named", () => {
    for (const name of names) {
      expect(() => activation(name)(use(zeros([2], "int32")))).toThrow(/x must be a float32 tensor, got int32 \[2\]/);
      expect(() => activation(name)(3 as never as Tensor)).toThrow(/x must be a float32 tensor, got 3/);
    }
  });
});
