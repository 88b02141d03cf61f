import { add, grad, memory, mul, neg, square, sum, type Tensor, tensor1d, tidy } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { type BackendName, backendNames, expectClose, expectFlatResources, expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { hold, own, scope } from "./scope.js";

function describeScope(backend: BackendName): void {
  describe(`scope on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it("frees the tensors that it made, except those that it returns, at any depth", async () => {
      const x = use(tensor1d([1, 2]));
      const result = await expectNewTensors(() => scope(() => ({ list: [neg(x), { deep: square(add(x, 1)) }], count: 2, none: null })), 2);
      await expectClose((result.list[1] as { deep: Tensor }).deep, tensor1d([4, 9]));
      expect(x.isDisposed).toBe(false);
      expect(result).toMatchObject({ count: 2, none: null });
    });

    it("does not visit the elements of typed arrays, which takes a second for four million", async () => {
      const values = new Float32Array(4e6);
      const started = performance.now();
      const result = await expectNewTensors(() => scope(() => ({ inner: { values }, tensor: tensor1d([1]) })), 1);
      expect(performance.now() - started).toBeLessThan(250);
      expect(result.inner.values).toBe(values);
      expect(result.tensor.isDisposed).toBe(false);
    });

    it("frees everything when the body throws, also in a nested scope", async () => {
      const x = use(tensor1d([1, 2]));
      const failing = () => {
        scope(() => {
          neg(x);
          throw new RangeError("inner");
        });
      };
      expect(() => scope(() => [neg(x), failing()])).toThrow(new RangeError("inner"));
      await expectClose(neg(x), tensor1d([-1, -2]));
    });

    it("does not leak over many calls", () => {
      const x = use(tensor1d([1, 2]));
      expectFlatResources((index) => {
        scope(() => {
          if (index % 2 === 0) throw new Error("every other call");
          return own(neg(x));
        }).dispose();
      }, 200);
    });
  });
}

function describeHandles(backend: BackendName): void {
  describe(`own and hold on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    it("returns a second handle of an input with own", async () => {
      const x = use(tensor1d([1, 2]));
      const result = await expectNewTensors(() => scope(() => own(x)), 1);
      x.dispose();
      await expectClose(result, tensor1d([1, 2]));
    });

    it("keeps a held tensor alive after every surrounding scope", async () => {
      const held = await expectNewTensors(() => {
        let cached: Tensor | undefined;
        scope(() => scope(() => void (cached = hold(mul(tensor1d([1, 2]), 3)))));
        return cached!;
      }, 1);
      await expectClose(held, tensor1d([3, 6]));
    });

    it("passes gradients through own and hold", async () => {
      const x = use(tensor1d([1, 2]));
      const loss = (at: Tensor) => {
        const held = use(hold(use(scope(() => own(square(at))))));
        const result = use(sum(use(scope(() => mul(held, 3))))) as Tensor;
        held.dispose();
        return result;
      };
      const gradient = await expectNewTensors(() => grad(loss)(x), 1);
      await expectClose(gradient, tensor1d([6, 12]));
    });
  });
}

for (const backend of backendNames) {
  describeScope(backend);
  describeHandles(backend);
}

describe("scope", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects a promise, frees its tensors, and handles its later rejection", async () => {
    const before = memory().numTensors;
    const later = async () => {
      const x = use(tensor1d([1]));
      await Promise.resolve();
      return neg(x);
    };
    expect(() => scope(later)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: scope: body must be a synchronous function, got a promise; read the data after the scope returns]`,
    );
    // An unhandled rejection would fail the run.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(memory().numTensors).toBe(before);
  });

  it("rejects a thenable inside another scope, which remains usable", () => {
    const result = use(
      tidy(() => {
        const x = tensor1d([1]);
        // oxlint-disable-next-line unicorn/no-thenable
        expect(() => scope(() => ({ then: () => {} }))).toThrow("scope: body must be a synchronous function");
        return own(x);
      }),
    );
    expect(result.isDisposed).toBe(false);
  });

  it("returns values without tensors", () => {
    expect(scope(() => 7)).toBe(7);
    expect(scope(() => undefined)).toBeUndefined();
    const numbers = new Float32Array(3);
    expect(scope(() => numbers)).toBe(numbers);
  });

  it("does not visit every element of a typed array that it returns", () => {
    const numbers = new Float32Array(2 ** 23);
    const start = performance.now();
    scope(() => numbers);
    expect(performance.now() - start).toBeLessThan(100); // visiting the elements takes over a second
  });
});
