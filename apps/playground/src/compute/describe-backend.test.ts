import type { WasmInfo } from "@tfblocks/wasm";
import { expect, test } from "vitest";
import { describeBackend, explainBackend, summarizeBackend } from "./describe-backend.js";

const info: WasmInfo = {
  kernels: "fast",
  simd: true,
  relaxedSimd: true,
  threads: { asked: 4, got: 4 },
  crossOriginIsolated: true,
  replaced: ["Softmax"],
  added: ["Einsum", "FusedAttention"],
  refusals: [],
};

test("describes the backend in a few words and in detail", () => {
  expect(summarizeBackend(info)).toBe("wasm · SIMD · 4 threads");
  expect(Object.fromEntries(describeBackend(info))).toMatchObject({
    Kernels: "tfblocks: 1 replaced, 2 added",
    SIMD: "128-bit, with fused multiply-add",
    Threads: "4 of 4 requested",
  });
});

test("explains why there are several threads", () => {
  expect(explainBackend(info)).toEqual([expect.stringMatching(/^4 threads: .* isolated/)]);
});

test("explains what is missing, one sentence each", () => {
  const refusals = ["one thread: the page is not cross-origin isolated", "a second one"];
  const alone = { ...info, threads: { asked: 4, got: 1 }, refusals };
  expect(summarizeBackend(alone)).toMatch(/1 thread$/);
  expect(explainBackend(alone)).toEqual(["One thread: the page is not cross-origin isolated.", "A second one."]);
});
