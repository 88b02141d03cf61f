import { beforeAll, describe } from "vitest";
import type { Attend } from "./attention-case.js";
import { testEdges } from "./attention-edges.js";
import { testGradients } from "./attention-gradients.js";
import { testNaN } from "./attention-nan.js";
import { testResources } from "./attention-resources.js";
import { testValues } from "./attention-values.js";

/**
 * What every implementation of scaled dot-product attention must do, on any backend: equal the float64 oracle
 * (1e-5), give the finite-difference gradients (2e-3), contain NaN, treat dead rows, stay right for scores up to the largest float32, and leak nothing.
 */
export function describeAttention(
  name: string,
  attend: Attend,
  prepare: () => Promise<void>,
  { calls = 1000 }: { calls?: number } = {},
): void {
  describe(`attention on ${name}`, () => {
    beforeAll(prepare);
    testValues(attend);
    testEdges(attend);
    testGradients(attend);
    testNaN(attend);
    testResources(attend, calls);
  });
}
