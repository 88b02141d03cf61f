import { memory, type Scalar, scalar, sum, type Tensor, tensor1d, tidy, train, type Variable, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { type BackendName, backendNames, expectClose, expectNewTensors, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import {
  assignState,
  disposeParts,
  joinParameters,
  parameter,
  type ParameterMap,
  snapshot,
  type StateDict,
  StateDictError,
} from "./block.js";
import { DisposedError, DTypeError, ValueError } from "./errors.js";
import { Linear } from "./linear.js";

const vector = (...values: number[]) => parameter(() => tensor1d(values));
const pair = () => ({ a: use(vector(1, 2)), b: use(vector(3, 4)) });
const values = async (parameters: ParameterMap) =>
  Object.fromEntries(await Promise.all(Object.entries(parameters).map(async ([name, value]) => [name, [...(await value.data())]])));

function faultOf(body: () => void): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
}

function describeState(backend: BackendName): void {
  describe(`block state on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it("is a snapshot, which later training does not change", async () => {
      const weight = use(vector(1, 2));
      const state = use(snapshot({ weight }));
      const optimizer = use(train.sgd(1));
      optimizer.minimize(() => sum(weight) as Scalar);
      await expectClose(weight, tensor1d([0, 1]));
      await expectClose(state["weight"]!, tensor1d([1, 2]));
      weight.dispose();
      await expectClose(state["weight"]!, tensor1d([1, 2]));
    });

    it("remains valid when the loaded state is disposed", async () => {
      const [parameters, state] = [use(pair()), { a: use(tensor1d([5, 6])), b: use(tensor1d([7, 8])) }];
      assignState("load", parameters, state);
      for (const each of Object.values(state)) each.dispose();
      expect(await values(parameters)).toEqual({ a: [5, 6], b: [7, 8] });
      disposeParts(parameters);
    });

    it("can be loaded from the parameters themselves, also swapped", async () => {
      const parameters = use(pair());
      assignState("load", parameters, parameters);
      expect(await values(parameters)).toEqual({ a: [1, 2], b: [3, 4] });
      assignState("load", parameters, { a: parameters.b, b: parameters.a });
      expect(await values(parameters)).toEqual({ a: [3, 4], b: [1, 2] });
      disposeParts(parameters);
    });

    it("survives the scope in which it is loaded", async () => {
      const parameters = use(
        tidy(() => {
          const variables = pair();
          assignState("load", variables, { a: tensor1d([5, 6]), b: tensor1d([7, 8]) });
          return variables;
        }),
      );
      expect(await values(parameters)).toEqual({ a: [5, 6], b: [7, 8] });
      disposeParts(parameters);
    });
  });
}

for (const backend of backendNames) describeState(backend);

describe("assignState", () => {
  beforeAll(() => useBackend("cpu"));

  it("lists every fault in one error and sets nothing", async () => {
    const parameters = { ...use(pair()), c: use(vector(9)) };
    const state = { a: use(tensor1d([5, 6])), b: use(tensor1d([1, 2, 3])), d: use(scalar(0)) };
    const fault = faultOf(() => assignState("Model.loadStateDict", parameters, state)) as StateDictError;
    expect(fault).toBeInstanceOf(StateDictError);
    expect(fault).toMatchObject({ missing: ["c"], unexpected: ["d"], misshapen: ['"b" is [3], expected [2]'] });
    expect(fault.message).toMatchInlineSnapshot(
      `"Model.loadStateDict: state does not match the parameters: missing "c"; unexpected "d"; "b" is [3], expected [2]"`,
    );
    expect(await values(parameters)).toEqual({ a: [1, 2], b: [3, 4], c: [9] });
    disposeParts(parameters);
  });

  it.each([
    ["an int32 entry", () => tensor1d([1, 2], "int32"), DTypeError],
    ["an array", () => [1, 2] as never, DTypeError],
    ["a rank that differs", () => zeros([2, 1]), StateDictError],
    [
      "a disposed entry",
      () => {
        const dead = use(zeros([2]));
        dead.dispose();
        return dead;
      },
      DisposedError,
    ],
  ])("rejects %s before anything is set, strict or not", async (_, entry, kind) => {
    const parameters = use(pair());
    for (const strict of [true, false]) {
      expect(() => assignState("load", parameters, { a: use(zeros([2])), b: use(entry()) }, { strict })).toThrow(kind);
    }
    expect(await values(parameters)).toEqual({ a: [1, 2], b: [3, 4] });
    disposeParts(parameters);
  });

  it("loads the known names when not strict", async () => {
    const parameters = use(pair());
    assignState("load", parameters, { b: use(tensor1d([0, 0])), stranger: use(scalar(1)) }, { strict: false });
    expect(await values(parameters)).toEqual({ a: [1, 2], b: [0, 0] });
    disposeParts(parameters);
  });
});

describe("assignState with unusual names and options", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects unknown options", () => {
    expect(() => assignState("load", {}, {}, { stict: false } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: load: unknown option "stict"; known options: strict; did you mean "strict"?]`,
    );
  });

  it("rejects a block with a disposed parameter, and sets none of the others", async () => {
    const parameters = use(pair());
    parameters.b.dispose();
    const state = use({ a: zeros([2]), b: zeros([2]) });
    await expectNewTensors(() => {
      expect(() => assignState("load", parameters, state)).toThrowErrorMatchingInlineSnapshot(
        `[DisposedError: load: parameter "b" must be alive, got a disposed variable]`,
      );
      expect(() => snapshot(parameters)).toThrowErrorMatchingInlineSnapshot(
        `[DisposedError: stateDict: parameter "b" must be alive, got a disposed variable]`,
      );
    });
    await expectClose(parameters.a, tensor1d([1, 2]));
  });

  it("treats names of Object.prototype like any other name", async () => {
    const hostile = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const parameters = use(joinParameters(Object.fromEntries(use(hostile.map((name, index) => [name, use(vector(index))])))));
    expect(Object.keys(parameters)).toEqual(hostile);
    const fault = faultOf(() => assignState("load", parameters, {})) as StateDictError;
    expect(fault.missing).toEqual(hostile);
    const polluted = JSON.parse('{"__proto__": 1}') as StateDict;
    expect(() => assignState("load", {}, polluted)).toThrow(StateDictError);
    const state = Object.fromEntries(use(hostile.map((name) => [name, use(tensor1d([7]))])));
    assignState("load", parameters, state);
    expect(Object.values(await values(parameters))).toEqual([[7], [7], [7], [7]]);
    expect(Object.keys(use(snapshot(parameters)))).toEqual(hostile);
    expect(({} as Record<string, unknown>)["0"]).toBeUndefined();
    disposeParts(parameters);
  });
});

describe("joinParameters", () => {
  beforeAll(() => useBackend("cpu"));

  it("prefixes parameters with the names of their parts and skips absent parts", () => {
    const inner = use(new Linear({ inFeatures: 2, outFeatures: 1 }));
    const outer = { parameters: () => joinParameters({ inner, none: undefined }), dispose: () => {} };
    const scale = use(vector(1));
    expect(use(joinParameters({ outer, scale, nothing: undefined }))).toEqual({
      "outer.inner.weight": inner.weight,
      "outer.inner.bias": inner.bias,
      scale,
    });
    disposeParts({ inner, scale });
  });

  it("rejects two parameters with the same name", () => {
    const [inner, clash] = [use(new Linear({ inFeatures: 2, outFeatures: 1 })), use(vector(1))];
    expect(() => joinParameters({ inner, "inner.weight": clash })).toThrow(ValueError);
    expect(() => joinParameters({ inner, "inner.weight": clash })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: joinParameters: parts must be blocks and variables whose parameter names differ, got "inner.weight" twice]`,
    );
    disposeParts({ inner, clash });
  });

  it("lists a shared parameter under both names", () => {
    const shared = use(vector(1));
    expect(Object.keys(use(joinParameters({ encoder: shared, decoder: shared })))).toEqual(["encoder", "decoder"]);
  });
});

describe("parameter and disposeParts", () => {
  beforeAll(() => useBackend("cpu"));

  it("frees an initial value that it made, but not one that the caller owns", async () => {
    const initial = randomTensor([2], 1);
    const [own, borrowed] = [use(vector(1, 2)), use(parameter(() => initial))];
    disposeParts({ own, borrowed });
    expect(initial.isDisposed).toBe(false);
    const survivor = use(tidy(() => parameter(() => initial)));
    await expectClose(survivor, initial);
  });

  it("frees the tensors of an initializer that throws", () => {
    const before = memory().numTensors;
    const failing = (): Tensor => {
      use(zeros([3]));
      throw new Error("no value");
    };
    expect(() => parameter(failing)).toThrow("no value");
    expect(memory().numTensors).toBe(before);
  });

  it("may dispose parts twice, including shared ones", () => {
    const shared: Variable = use(vector(1));
    const layer = use(new Linear({ inFeatures: 2, outFeatures: 1 }));
    const parts = { layer, again: layer, shared, twice: shared, none: undefined };
    disposeParts(parts);
    disposeParts(parts);
  });
});
