import { engine, getBackend } from "@tensorflow/tfjs-core";
import { ValueError } from "./errors.js";
import { refuse } from "./refuse.js";

/**
 * Checks that tfjs has a backend, before it says "No backend found in registry". After the first tensor this only reads a
 * property.
 *
 * @throws ValueError when no backend is registered
 */
export function demandBackend(operation: string): void {
  if (getBackend() !== undefined || engine().backendNames().length > 0) return;
  const advice = "await setupWasm() of @tfblocks/wasm first, or import @tensorflow/tfjs-backend-cpu";
  refuse(ValueError, operation, "a backend of TensorFlow.js", "registered", "none", advice);
}
