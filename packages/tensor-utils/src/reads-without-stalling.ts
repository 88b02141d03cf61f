import { getBackend } from "@tensorflow/tfjs-core";

const inMainMemory = new Set(["cpu", "wasm", "tensorflow"]);

/**
 * Whether the active backend keeps numbers in main memory, so that `dataSync` is a plain read. On a graphics
 * processor it waits for the whole queue, and WebGPU may lose its device.
 */
export function readsWithoutStalling(): boolean {
  return inMainMemory.has(getBackend());
}
