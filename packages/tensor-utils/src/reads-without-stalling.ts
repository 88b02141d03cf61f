import { getBackend } from "@tensorflow/tfjs-core";

const inMainMemory = new Set(["cpu", "wasm", "tensorflow"]);

/**
 * Whether the active backend keeps its data in main memory, where `dataSync` is a plain read. On a GPU, `dataSync` waits
 * for the whole queue, and WebGPU may lose its device.
 */
export function readsWithoutStalling(): boolean {
  return inMainMemory.has(getBackend());
}
