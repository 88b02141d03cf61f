import { add, grad, grads, mul, sum, type Tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { backendNames, checkGradients, expectClose, randomTensor, useBackend, use } from "@tfblocks/testkit";
import { beforeAll, describe, it } from "vitest";
import { matmul } from "./matmul.js";
import { allFlags, operands, operandShapes, product } from "./testing/matmul-cases.js";

describe.each(backendNames.map((name) => [name]))("gradients of matmul on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(operandShapes.filter(([a, b]) => product([...a, ...b]) > 0))("has the gradient of %j by %j", async (...shapes) => {
    for (const flags of allFlags) {
      const [a, b] = use(operands(shapes, flags));
      await checkGradients((x, y) => matmul(x, y, flags), [a, b]);
    }
  });

  it.each(operandShapes.filter(([a, b]) => product([...a, ...b]) === 0))("has zero gradients of %j by %j", async (...shapes) => {
    for (const flags of allFlags) {
      const [a, b] = use(operands(shapes, flags));
      const upstream = use(zeros(use(matmul(a, b, flags)).shape));
      const gradients = use(grads((x, y) => matmul(x!, y!, flags))([a, b], upstream));
      for (const [index, input] of [a, b].entries()) {
        await expectClose(gradients[index]!, { shape: input.shape, data: new Float32Array(input.size) });
      }
    }
  });
});

describe.each(backendNames.map((name) => [name]))("higher derivatives of matmul on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    [
      [2, 3],
      [3, 4],
    ],
    [
      [5, 2, 3],
      [3, 4],
    ],
    [
      [2, 1, 2, 3],
      [4, 3, 2],
    ],
  ])("has the second and third derivatives of %j by %j", async (...shapes) => {
    for (const flags of allFlags) {
      const [a, b] = use(operands(shapes as never, flags));
      const power = (degree: number, x: Tensor, y: Tensor) => {
        const result = use(matmul(x, y, flags));
        return sum(degree === 2 ? use(mul(result, result)) : use(() => mul(mul(result, result), result))) as Tensor;
      };
      const first = (degree: number) => (x: Tensor, y: Tensor) => grad((at: Tensor) => power(degree, at, y))(x);
      await checkGradients(first(2), [a, b]);
      await checkGradients((x) => grad((at: Tensor) => first(3)(at, b))(x), [a]);
    }
  });

  it("keeps what the gradient needs when a surrounding scope ends", async () => {
    const [a, b] = [randomTensor([2, 3], 1), randomTensor([3, 4], 2)];
    const inner = (x: Tensor) => tidy(() => matmul(add(x, 1), add(b, 1)));
    await checkGradients(inner, [a]);
  });
});
