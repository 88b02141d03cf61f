import { dispose, memory, mul, softmax, square, sum, tensor, variable } from "@tensorflow/tfjs-core";
import { backendNames, expectClose, expectFlatResources, use, useBackend } from "@tfblocks/testkit";
import { parameter } from "@tfblocks/tensor-utils";
import { valueAndGradients } from "@tfblocks/training";
import { beforeAll, describe, expect, it } from "vitest";

describe.each(backendNames.map((name) => [name]))("valueAndGradients on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("returns the gradient of each parameter that the loss depends on, by name", async () => {
    const parameters = use({
      "a.weight": use(parameter(() => tensor([1, 2]))),
      unused: use(parameter(() => tensor([1]))),
      fixed: use(() => variable(tensor([3, 4]), false)),
    });
    const before = memory().numTensors;
    const { value, gradients } = use(valueAndGradients(parameters, () => sum(mul(square(parameters["a.weight"]), parameters.fixed))));
    expect(memory().numTensors).toBe(before + 2);
    expect(Object.keys(gradients)).toEqual(["a.weight"]);
    await expectClose(value, { shape: [], data: [19] });
    await expectClose(gradients["a.weight"]!, { shape: [2], data: [6, 16] });
  });

  it("leaks nothing, even when the loss throws after it saved tensors", () => {
    const parameters = use({ a: use(parameter(() => tensor([1, 2, 3]))) });
    expectFlatResources((index) => {
      const result = valueAndGradients(parameters, () => {
        const loss = sum(square(softmax(parameters.a)));
        if (index % 3 === 2) throw new Error("no loss");
        return loss;
      });
      dispose(result as never);
    }, 100);
  });
});

describe("valueAndGradients", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects invalid parameters and losses", () => {
    const a = use(parameter(() => tensor([1, 2])));
    const constant = use(tensor(1));
    expect(() => valueAndGradients({}, () => constant)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: valueAndGradients: parameters must be at least one trainable variable, each under a single name, got none]`,
    );
    expect(() => valueAndGradients({ a, b: a }, () => sum(a))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: valueAndGradients: parameters must be at least one trainable variable, each under a single name, got a variable under two names; omit the second name of tied weights]`,
    );
    expect(() => valueAndGradients({ a }, () => square(a))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: valueAndGradients: loss() must be a scalar, got [2]; reduce it with tf.mean or tf.sum]`,
    );
    expect(() => valueAndGradients({ a }, () => mul(constant, 2))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: valueAndGradients: loss must be computed from the parameters, got a value that depends on none of them]`,
    );
    expect(() => valueAndGradients({ a }, () => 3 as never)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: valueAndGradients: loss() must be a float32 tensor, got 3]`,
    );
  });
});
