import { engine, zeros } from "@tensorflow/tfjs-core";
import { useBackend } from "@tfblocks/testkit";
import { beforeAll, expect, it } from "vitest";
import { guardAllocation } from "./allocation.js";
import { parameter } from "./block.js";
import { onesInit } from "./initializers.js";
import { Random } from "./random.js";

beforeAll(() => useBackend("cpu"));

/** The message of a call in a program that registered no backend. */
function messageWithoutBackend(call: () => unknown): string {
  const registry = engine() as unknown as { backendName: string | undefined; registryFactory: object };
  const { backendName, registryFactory } = registry;
  Object.assign(registry, { backendName: undefined, registryFactory: {} });
  try {
    call();
    return "no error";
  } catch (error) {
    return String(error);
  } finally {
    Object.assign(registry, { backendName, registryFactory });
  }
}

const advice =
  "a backend of TensorFlow.js must be registered, got none; await setupWasm() of @tfblocks/wasm first, or import @tensorflow/tfjs-backend-cpu";

it.each([
  ["Initializer", () => onesInit([2], new Random(1))],
  ["parameter", () => parameter(() => zeros([2]))],
  ["openSafetensors", () => guardAllocation("openSafetensors", { weight: [2] })],
])("%s names what registers a backend where there is none", (operation, call) => {
  expect(messageWithoutBackend(call)).toBe(`ValueError: ${operation}: ${advice}`);
});
