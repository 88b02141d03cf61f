import { enableProdMode } from "@tensorflow/tfjs-core";
import { setupWasm, type WasmInfo } from "@tfblocks/wasm";

/** Starts the WASM backend in this worker with as many threads as the page allows. */
export async function startBackend(): Promise<WasmInfo> {
  enableProdMode();
  return setupWasm();
}
