import { registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasKernel, withoutKernel } from "./kernels.js";

const kernelName = "TestKernel";

beforeAll(async () => {
  await useBackend("cpu");
  registerKernel({ kernelName, backendName: "cpu", kernelFunc: () => [] });
});
afterAll(() => unregisterKernel(kernelName, "cpu"));

test("a body runs without a kernel, which is back afterwards", () => {
  expect(hasKernel(kernelName)).toBe(true);
  expect(withoutKernel(kernelName, () => hasKernel(kernelName))).toBe(false);
  expect(hasKernel(kernelName)).toBe(true);
});

test("the kernel is back after an error too", () => {
  const body = (): never => {
    throw new RangeError("in the body");
  };
  expect(() => withoutKernel(kernelName, body)).toThrow("in the body");
  expect(hasKernel(kernelName)).toBe(true);
});

test("a body runs although the backend has no such kernel", () => {
  expect(withoutKernel("NoSuchKernel", () => 7)).toBe(7);
});
