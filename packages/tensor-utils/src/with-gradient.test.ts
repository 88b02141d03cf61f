import { add, grads, mul, neg, square, sum, type Tensor, tensor1d, tidy } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { backendNames, checkGradients, expectClose, expectNewTensors, randomTensor, useBackend, use } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { withGradient } from "./with-gradient.js";

/** x y, whose gradient is written by hand. */
const product = (x: Tensor, y: Tensor): Tensor =>
  withGradient(
    [x, y],
    (left, right) => ({ value: mul(left!, right!), saved: [left!, right!] }),
    (gradient, left, right) => [product(gradient, right!), product(gradient, left!)],
  );

describe.each(backendNames.map((name) => [name]))("withGradient on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("returns value and gradients, also through scopes that free the saved tensors", async () => {
    const [x, y] = [randomTensor([5], 1), randomTensor([5], 2)];
    await expectClose(await expectNewTensors(() => product(x, y), 1), mul(x, y));
    await checkGradients((left, right) => product(left!, right!), [x, y]);
    await checkGradients((left, right) => tidy(() => product(add(left!, 1), neg(right!))), [x, y]);
  });

  it("uses the custom gradient, even if it is not the derivative", async () => {
    const three = (x: Tensor) =>
      withGradient(
        [x],
        (at) => ({ value: square(at!), saved: [] }),
        (gradient) => [mul(gradient, 3)],
      );
    const [gradient] = use(grads((x) => sum(three(x!)) as Tensor)([use(tensor1d([1, 2]))]));
    await expectClose(gradient!, tensor1d([3, 3]));
  });

  it("does not leak, also when forward throws", async () => {
    const x = use(tensor1d([1, 2]));
    for (const each of use(grads((at, other) => sum(product(at!, other!)) as Tensor)([x, x]))) each.dispose();
    const failing = () =>
      withGradient(
        [x],
        (at) => {
          neg(at!);
          throw new RangeError("no value");
        },
        (gradient) => [gradient],
      );
    expect(failing).toThrow(new RangeError("no value"));
  });
});
