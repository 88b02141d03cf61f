import { tensor, zeros } from "@tensorflow/tfjs-core";
import { use } from "@tfblocks/testkit";
import { describe, expect, expectTypeOf, it } from "vitest";
import { checkShapes } from "./check-shapes.js";

describe("checkShapes", () => {
  it("binds each name to a typed size", () => {
    const sizes = checkShapes("sum", {
      query: [use(zeros([2, 3])), "batch length"],
      key: [use(zeros([2, 4, 5])), "... length dModel".replace("length", "keys") as "... keys dModel"],
    });
    expect(sizes).toEqual({ batch: 2, length: 3, keys: 4, dModel: 5 });
    expectTypeOf(sizes).toEqualTypeOf<{
      readonly batch: number;
      readonly length: number;
      readonly keys: number;
      readonly dModel: number;
    }>();
  });

  it("names the operation, the argument, the expected and the received shape", () => {
    const layouts = () =>
      checkShapes("scaledDotProductAttention", {
        query: [use(zeros([1, 1, 2, 2])), "batch heads queryLength headDim"],
        key: [use(zeros([1, 1, 2, 3])), "batch heads keyLength headDim"],
      });
    expect(layouts).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scaledDotProductAttention: key must be [batch, heads, keyLength, headDim] with headDim = 2 (from query), got [1, 1, 2, 3]]`,
    );
  });

  it("rejects int tensors, disposed tensors and values that are not tensors", () => {
    const dead = use(tensor([1, 2]));
    dead.dispose();
    const check = (value: unknown) => () => checkShapes("sum", { x: [value as never, "length"] });
    expect(check(use(tensor([1, 2], [2], "int32")))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: sum: x must be a float32 tensor, got int32 [2]; convert it with tf.cast(x, "float32") if that is what it means]`,
    );
    expect(check(dead)).toThrowErrorMatchingInlineSnapshot(
      `[DisposedError: sum: x must be a live tensor, got a disposed tensor; keep it alive until the call returns]`,
    );
    expect(check([1, 2])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: sum: x must be a float32 tensor, got an array of length 2]`);
  });
});
