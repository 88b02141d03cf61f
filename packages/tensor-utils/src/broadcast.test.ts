import { broadcastTo, grad } from "@tensorflow/tfjs-core";
import "@tfblocks/tensor-utils/gradients";
import { backendNames, checkGradients, expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, it } from "vitest";
import { broadcast } from "./broadcast.js";

describe.each(backendNames.map((name) => [name]))("broadcast on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("gives the same result as tfjs, and sums its gradient", async () => {
    const x = randomTensor([2, 1, 3], 1);
    await expectClose(broadcast(x, [4, 2, 5, 3]), broadcastTo(x, [4, 2, 5, 3]));
    await checkGradients((at) => broadcast(at!, [4, 2, 5, 3]), [x]);
  });

  it("broadcasts to an empty shape, with zero gradients", async () => {
    const x = randomTensor([1, 3], 1);
    const empty = use(broadcast(x, [0, 3]));
    const gradient = use(grad((at) => broadcast(at, [0, 3]))(x, empty));
    await expectClose(empty, { shape: [0, 3], data: [] });
    await expectClose(gradient, { shape: [1, 3], data: [0, 0, 0] });
  });
});
