import { grad, transpose } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { backendNames, checkGradients, expectClose, randomTensor, useBackend, use } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { permute } from "./permute.js";

describe.each(backendNames.map((name) => [name]))("permute on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    [
      [2, 3],
      [1, 0],
    ],
    [
      [2, 1, 3],
      [1, 2, 0],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 1, 3],
    ],
  ])("orders the dimensions of %j by %j", async (shape, axes) => {
    const x = randomTensor(shape, 1);
    await expectClose(permute(x, axes), transpose(x, axes));
    await checkGradients((at) => permute(at, axes), [x]);
  });

  it("supports empty tensors, whose gradient is empty too", () => {
    const x = randomTensor([2, 0, 3], 1);
    const turned = use(permute(x, [2, 0, 1]));
    expect(turned.shape).toEqual([3, 2, 0]);
    expect(use(grad((at) => permute(at, [2, 0, 1]))(x, turned)).shape).toEqual([2, 0, 3]);
  });
});
