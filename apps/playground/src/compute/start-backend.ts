import { enableProdMode } from "@tensorflow/tfjs-core";
import { setupWasm, type WasmInfo } from "@tfblocks/wasm";

/** Starts the WASM backend in this worker. @param threads by default as many as the page allows */
export async function startBackend(threads?: number): Promise<WasmInfo> {
  enableProdMode();
  return setupWasm(threads === undefined ? {} : { threads });
}
