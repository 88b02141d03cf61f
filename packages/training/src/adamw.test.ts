import { dispose, memory, ones, scalar, tensor, type Tensor, type Variable, zeros } from "@tensorflow/tfjs-core";
import { adamWFixtures } from "@tfblocks/fixtures";
import {
  backendNames,
  expectClose,
  expectFlatResources,
  fixtureTensor,
  randomNumbers,
  randomTensor,
  use,
  useBackend,
} from "@tfblocks/testkit";
import { parameter } from "@tfblocks/tensor-utils";
import { AdamW } from "@tfblocks/training";
import { beforeAll, describe, expect, it } from "vitest";

/** Takes steps with gradients that depend only on the number of the step. */
function takeSteps(optimizer: AdamW, weight: Variable, from: number, to: number): void {
  for (let step = from; step < to; step++) {
    const gradient = randomTensor(weight.shape, step);
    optimizer.step({ weight }, { weight: gradient });
    gradient.dispose();
  }
}

const bits = async (each: Tensor) => [...new Uint32Array((await each.data()).slice().buffer)];

describe.each(backendNames.map((name) => [name]))("AdamW on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(adamWFixtures.map((fixture) => [fixture.name, fixture] as const))("has PyTorch's numbers: %s", async (_name, fixture) => {
    const { options, parameters, noDecay, learningRates, gradients, expected } = fixture;
    const groups = [{ match: (name: string) => noDecay.includes(name), weightDecay: 0 }];
    const optimizer = use(new AdamW({ ...options, groups }));
    const variables = use(
      Object.fromEntries(Object.entries(parameters).map(([name, each]) => [name, parameter(() => fixtureTensor(each))])),
    );
    for (const [index, learningRate] of learningRates.entries()) {
      const present = Object.entries(gradients[index]!).map(([name, each]) => [name, fixtureTensor(each)] as const);
      optimizer.step(variables, Object.fromEntries(present), { learningRate });
      for (const [name, each] of Object.entries(expected[index]!)) {
        await expectClose(
          variables[name]!,
          { shape: each.shape, data: each.data.map(Number) },
          { atol: 1e-6, rtol: 1e-5 },
          `${name} after step ${index + 1}`,
        );
      }
      dispose(present.map(([, each]) => each));
    }
  });

  it("confines a NaN to its element", async () => {
    const [weight, gradient] = [use(parameter(() => tensor([1, 1]))), use(tensor([NaN, 0]))];
    const optimizer = use(new AdamW({ weightDecay: 0 }));
    optimizer.step({ weight }, { weight: gradient });
    await expectClose(weight, { shape: [2], data: [NaN, 1] }, { atol: 0, rtol: 0 });
  });
});

describe.each(backendNames.map((name) => [name]))("AdamW and its state on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("resumes from its state bit for bit", async () => {
    const start = randomTensor([3, 5], 42);
    const [ours, theirs] = [use(parameter(() => start)), use(parameter(() => start))];
    const [optimizer, before] = [use(new AdamW()), use(new AdamW())];
    takeSteps(optimizer, ours, 0, 6);
    takeSteps(before, theirs, 0, 3);
    const [state, after] = [use(before.stateDict()), use(new AdamW())];
    after.loadStateDict(state);
    takeSteps(after, theirs, 3, 6);
    expect(Object.keys(state)).toEqual(["m.weight", "v.weight", "step.weight"]);
    expect(await bits(theirs)).toEqual(await bits(ours));
  });

  it("leaks nothing, even when it throws, and frees everything when disposed", () => {
    const before = memory().numTensors;
    const parameters = { weight: parameter(() => ones([3])), none: parameter(() => zeros([0, 2])) };
    const [gradients, wrong] = [{ weight: ones([3]), none: zeros([0, 2]) }, { weight: ones([2]) }];
    const optimizer = new AdamW();
    optimizer.step(parameters, gradients);
    expectFlatResources((index) => optimizer.step(parameters, index % 3 === 2 ? wrong : gradients), 100);
    optimizer.dispose();
    optimizer.dispose();
    dispose([parameters, gradients, wrong] as never);
    expect(memory().numTensors).toBe(before);
  });
});

describe("AdamW and its options", () => {
  beforeAll(() => useBackend("cpu"));

  it("scales the learning rate of the first group that matches", async () => {
    const parameters = use({ slow: parameter(() => ones([1])), fast: parameter(() => ones([1])) });
    const gradients = use({ slow: ones([1]), fast: ones([1]) });
    const groups = [
      { match: (name: string) => name === "slow", learningRate: 0.1 },
      { match: () => true, learningRate: 10 },
    ];
    const optimizer = use(new AdamW({ learningRate: 1e-2, weightDecay: 0, groups }));
    optimizer.step(parameters, gradients);
    await expectClose(parameters.slow, { shape: [1], data: [0.999] }, { atol: 1e-6, rtol: 0 });
    await expectClose(parameters.fast, { shape: [1], data: [0.9] }, { atol: 1e-6, rtol: 0 });
  });

  it("rejects unknown options and options outside their range", () => {
    expect(() => new AdamW({ learningRate: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: AdamW: learningRate must be a finite float32 number >= 0, got -1]`,
    );
    expect(() => new AdamW({ betas: [0.9, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: AdamW: betas[1] must be a number in [0, 1), got 1]`,
    );
    expect(() => new AdamW({ eps: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: AdamW: eps must be a finite float32 number > 0, got 0]`,
    );
    expect(() => new AdamW({ decay: 0 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: AdamW: unknown option "decay"; known options: learningRate, betas, eps, weightDecay, groups]`,
    );
    expect(() => new AdamW({ eps: 1e-60 })).toThrow(/eps must be a finite float32 number > 0, got 1e-60/); // 0 in float32: 0 / 0 for a gradient of 0
    expect(() => new AdamW({ betas: [0.9] as never })).toThrow(/betas must be two numbers, got an array of length 1/);
    expect(() => new AdamW({ betas: "ab" as never })).toThrow(/betas must be two numbers, got "ab"/);
    expect(() => new AdamW({ groups: {} as never })).toThrow(/groups must be a list, got an object/);
    expect(() => new AdamW({ groups: [{ weightDecay: 0 } as never] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: AdamW: groups[0].match must be a function of a name, got undefined]`,
    );
    expect(() => new AdamW({ groups: [{ match: () => true, decay: 0 } as never] })).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: AdamW: unknown groups[0] option "decay"; known groups[0] options: match, weightDecay, learningRate]`,
    );
  });
});

describe("AdamW.step", () => {
  beforeAll(() => useBackend("cpu"));

  it("updates nothing when a gradient is invalid, and names the gradient", () => {
    const parameters = use({ a: parameter(() => ones([2])), b: parameter(() => ones([2])) });
    const [two, three] = [use(ones([2])), use(ones([3]))];
    const optimizer = new AdamW();
    const step =
      (gradients: object, options = {}) =>
      () =>
        optimizer.step(parameters, gradients as never, options);
    expect(step({ a: two, b: three })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: AdamW.step: gradients["b"] must be [2], got [3]]`);
    expect(step({ a: two, c: two })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: AdamW.step: gradients["c"] must be the gradient of a parameter, got a name without a parameter]`,
    );
    expect(step({ a: two }, { learningRate: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: AdamW.step: learningRate must be a finite float32 number >= 0, got NaN]`,
    );
    expect(step({ a: two }, { lr: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: AdamW.step: unknown option "lr"; it is called "learningRate" here; known options: learningRate]`,
    );
    expect([...parameters.a.dataSync()]).toEqual([1, 1]);
  });
});

describe("AdamW.loadStateDict", () => {
  beforeAll(() => useBackend("cpu"));

  it("loads a whole state or nothing", async () => {
    const optimizer = use(new AdamW());
    const weight = use(parameter(() => tensor(randomNumbers(2, 1))));
    takeSteps(optimizer, weight, 0, 1);
    const state = use(optimizer.stateDict());
    const partial = Object.fromEntries(Object.entries(state).filter(([name]) => name !== "v.weight"));
    const other = use(scalar(1));
    expect(() => optimizer.loadStateDict(partial)).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: AdamW.loadStateDict: state does not match the parameters: missing "v.weight"]`,
    );
    expect(() => optimizer.loadStateDict({ ...state, momentum: other })).toThrowErrorMatchingInlineSnapshot(
      `[StateDictError: AdamW.loadStateDict: state does not match the parameters: unexpected "momentum"]`,
    );
    expect(() => optimizer.loadStateDict({ ...state, "v.weight": other })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: AdamW.loadStateDict: state["v.weight"] must be [2], got []]`,
    );
    expect(() => optimizer.loadStateDict({ ...state, "step.weight": other })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: AdamW.loadStateDict: state["step.weight"] must be an int32 tensor, got float32 []; convert it with tf.cast(state["step.weight"], "int32") if that is what it means]`,
    );
    const [negative, infinite] = [tensor([1, -1]), tensor([0, Infinity])];
    expect(() => optimizer.loadStateDict({ ...state, "v.weight": negative })).toThrow(
      /state\["v\.weight"\] must be of finite numbers >= 0, got -1/,
    );
    expect(() => optimizer.loadStateDict({ ...state, "m.weight": infinite })).toThrow(
      /state\["m\.weight"\] must be of finite numbers, got Infinity/,
    );
    expect(() => optimizer.loadStateDict(state, { bias: weight })).toThrow('unexpected "m.weight", "v.weight", "step.weight"');
    const long = parameter(() => tensor([1, 2, 3]));
    expect(() => optimizer.loadStateDict(state, { weight: long })).toThrow(
      '"m.weight" is [2], expected [3]; "v.weight" is [2], expected [3]',
    );
    dispose([negative, infinite, long]);
    const after = use(optimizer.stateDict());
    expect(await bits(after["m.weight"]!)).toEqual(await bits(state["m.weight"]!));
  });
});
