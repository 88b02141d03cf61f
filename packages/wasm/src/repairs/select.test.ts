import { tensor, type Tensor, where, zeros } from "@tensorflow/tfjs-core";
import { startWasm, use } from "@tfblocks/testkit";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await startWasm({ threads: 1 });
});

// What NumPy's where gives.
test.each([
  [
    [0, 1],
    [0, 1],
    [1, 1],
    [0, 1],
  ],
  [
    [0, 1],
    [1, 1],
    [1, 1],
    [0, 1],
  ],
  [
    [1, 1],
    [0, 3],
    [1, 3],
    [0, 3],
  ],
  [
    [2, 0],
    [2, 1],
    [1, 1],
    [2, 0],
  ],
])("where of %j, %j and %j is empty: %j", (condition, a, b, shape) => {
  const made = (of: number[]): Tensor =>
    of.includes(0)
      ? zeros(of)
      : tensor(
          Array.from({ length: of[0]! * of[1]! }, () => 1),
          of as [number, number],
        );
  expect(use(() => where(zeros(condition, "bool"), made(a), made(b))).shape).toEqual(shape);
});
