import { tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { RotaryEmbedding } from "./rotary-embedding.js";

beforeAll(() => useBackend("cpu"));

describe("RotaryEmbedding", () => {
  it("rejects invalid arguments by name", () => {
    const rotary = new RotaryEmbedding({ headDim: 4 });
    const x = use(zeros([2, 1, 3, 4]));
    expect(() => new RotaryEmbedding({ headDim: 4, scaling: { type: "linear", factor: 0 } })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RotaryEmbedding: scaling.factor must be a finite float32 number >= 1, got 0]`,
    );
    expect(() => new RotaryEmbedding({ headDim: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RotaryEmbedding: rotaryDim must be an even integer from 2 to headDim = 3, got 3]`,
    );
    expect(() => rotary.apply(use(zeros([2, 3, 4])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: RotaryEmbedding.apply: x must be [batch, heads, length, headDim], got [2, 3, 4]]`,
    );
    expect(() => rotary.apply(use(zeros([2, 1, 3, 6])))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: RotaryEmbedding.apply: x must be [batch, heads, length, headDim] with headDim = 4 (from config), got [2, 1, 3, 6]]`,
    );
    expect(() => rotary.apply(x, { offset: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RotaryEmbedding.apply: offset must be an integer from 0 to 2147483644, got -1]`,
    );
    expect(() => rotary.apply(x, { offset: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RotaryEmbedding.apply: offset must be an integer from 0 to 2147483644, got 0.5]`,
    );
    expect(() => rotary.apply(x, { position: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: RotaryEmbedding.apply: unknown option "position"; known options: positions, offset; did you mean "positions"?]`,
    );
    expect(() => rotary.apply(x, { positions: use(tensor1d([0, -1, 2], "int32")) })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RotaryEmbedding.apply: positions must be >= 0, got -1]`,
    );
    expect(() => rotary.apply(x, { positions: use(tensor1d([0, 0.5, 2])) })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: RotaryEmbedding.apply: positions must be an int32 tensor, got float32 [3]; convert it with tf.cast(positions, "int32") if that is what it means]`,
    );
    expect(() => rotary.apply(x, { positions: use(tensor1d([0, 1], "int32")) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: RotaryEmbedding.apply: positions must be [length] with length = 3 (from x), got [2]]`,
    );
    expect(() => rotary.apply(x, { positions: use(tensor2d([[0, 1, 2]], [1, 3], "int32")) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: RotaryEmbedding.apply: positions must be [batch, length] with batch = 2 (from x), got [1, 3]]`,
    );
    expect(() => rotary.apply(x, { positions: [0, 1, 2] as never })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: RotaryEmbedding.apply: positions must be an int32 tensor, got an array of length 3]`,
    );
    expect(() => rotary.apply(x, { positions: null as never })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: RotaryEmbedding.apply: positions must be an int32 tensor, got null]`,
    );
    expect(() => rotary.apply(x, { positions: use(tensor1d([0, 1, 2], "int32")), offset: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: RotaryEmbedding.apply: offset must be 0 when positions are given, got 1; add the offset to the positions]`,
    );
  });
});
