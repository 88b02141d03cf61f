import { tensor2d, tensor4d } from "@tensorflow/tfjs-core";
import { fromTensor } from "@tfblocks/masks";
import { scope } from "@tfblocks/tensor-utils";
import { expectClose, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { resolveBias } from "./resolve-mask.js";

const cells = { batch: 1, heads: 1, queryLength: 1, keyLength: 2, queryOffset: 1, keyOffset: 0 };

describe("a bias with columns for later keys", () => {
  beforeAll(() => useBackend("cpu"));
  const bias = () => use(tensor4d([1, 2, 3, 4], [1, 1, 1, 4]));

  it("is kept where there may be such keys, and refused elsewhere", () => {
    expect(use(resolveBias("attend", undefined, bias(), cells, true))!.shape).toEqual([1, 1, 1, 4]);
    expect(() => resolveBias("attend", undefined, bias(), cells)).toThrow("attend: bias must be [queryLength, keyLength] = [1, 2]");
  });

  it("loses them where a mask adds one of its own", async () => {
    const given = bias();
    const mask = fromTensor(use(tensor2d([10, 20], [1, 2])), { kind: "additive", queryOffset: 1 });
    await expectClose(use(scope(() => resolveBias("attend", mask, given, cells, true)!)), { shape: [1, 1, 1, 2], data: [11, 22] });
  });
});
