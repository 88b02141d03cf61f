import { tensor2d, zeros } from "@tensorflow/tfjs-core";
import { use } from "@tfblocks/testkit";
import { describe, expect, it } from "vitest";
import { denseOf } from "./testing/arbitraries.js";
import { fromTorchPaddingMask } from "./torch.js";

describe("fromTorchPaddingMask", () => {
  it("keeps the keys that PyTorch does not ignore", () => {
    const mask = fromTorchPaddingMask(
      use(
        tensor2d(
          [
            [0, 0, 1],
            [0, 1, 1],
          ],
          [2, 3],
          "bool",
        ),
      ),
    );
    expect(mask.batch).toBe(2);
    expect(denseOf(mask, { queryLength: 1, keyLength: 3 })).toEqual([1, 1, 0, 1, 0, 0]);
  });

  it("rejects other types and ranks", () => {
    expect(() => fromTorchPaddingMask(use(zeros([2, 3])))).toThrow(/must be a bool tensor, got float32/);
    expect(() => fromTorchPaddingMask(use(zeros([3], "bool")))).toThrow(/must be \[batch, keyLength\], got \[3\]/);
  });
});
