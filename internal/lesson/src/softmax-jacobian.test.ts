import { softmax, tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { softmaxJacobianNorms } from "./softmax-jacobian.js";

for (const backend of ["cpu", "wasm"] as const) {
  describe(`softmax Jacobian norms on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    test("equal the closed form sqrt(Σp² − 2Σp³ + (Σp²)²)", async () => {
      const random = new Random(3);
      const scores = use(tensor2d(Array.from({ length: 20 }, () => Array.from({ length: 7 }, () => 3 * random.normal()))));
      const measured = await use(softmaxJacobianNorms(scores)).array();
      const expected = (await use(softmax(scores)).array()).map(closedForm);
      (measured as number[]).forEach((norm, row) => expect(norm).toBeCloseTo(expected[row]!, 5));
    });

    test("are 1/2 for two equal scores and 0 for a one-hot softmax", async () => {
      const norms = await use(
        softmaxJacobianNorms(
          use(
            tensor2d([
              [1, 1],
              [200, 0],
            ]),
          ),
        ),
      ).array();
      expect((norms as number[])[0]).toBeCloseTo(0.5, 6);
      expect((norms as number[])[1]).toBe(0);
    });
  });
}

function closedForm(row: number[]): number {
  const power = (exponent: number) => row.reduce((sum, p) => sum + p ** exponent, 0);
  return Math.sqrt(Math.max(0, power(2) - 2 * power(3) + power(2) ** 2));
}
