import { tensor } from "@tensorflow/tfjs-core";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { blockPattern, causal, fromTensor, padding, slidingWindow } from "./index.js";
import { assertCausal } from "./leaks.js";

const unknown = { ofset: 1 } as never;

describe("masks reject unknown names", () => {
  beforeAll(() => useBackend("cpu"));

  it.each<[string, () => unknown, string]>([
    ["causal", () => causal(unknown), 'causal: unknown option "ofset"; known options: offset'],
    ["slidingWindow", () => slidingWindow({ left: 1, right: 0, ofset: 1 } as never), "known options: left, right"],
    ["padding", () => padding({ lengths: [1], ofset: 1 } as never), "known options: lengths, keep"],
    ["blockPattern", () => blockPattern({ blockSize: 2, pattern: [[true]], ofset: 1 } as never), "known options: blockSize, pattern"],
    [
      "fromTensor",
      () => fromTensor(use(tensor([[1]])), { kind: "keep", ofset: 1 } as never),
      "known options: kind, queryOffset, keyOffset",
    ],
    ["mask.dense", () => causal().dense({ queryLength: 1, keyLength: 1, ofset: 1 } as never), 'unknown size "ofset"'],
    [
      "mask.blocks",
      () => causal().blocks({ queryLength: 1, keyLength: 1 }, { query: 1, key: 1, ofset: 1 } as never),
      'unknown block size "ofset"',
    ],
  ])("in %s", (_name, call, message) => {
    expect(call).toThrow(message);
  });

  it("in the leak checkers", async () => {
    const checked = assertCausal((x) => x, { shape: [1, 2, 3] }, unknown);
    await expect(checked).rejects.toThrow('assertCausal: unknown option "ofset"');
  });
});
