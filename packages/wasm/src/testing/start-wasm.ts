import { servedWasmPaths } from "@tfblocks/testkit";
import { setupWasm, type SetupWasmOptions, type WasmInfo } from "@tfblocks/wasm";

/** `setupWasm`, which in a browser is told where tfjs's files are. */
export async function startWasm(options: SetupWasmOptions): Promise<WasmInfo> {
  return setupWasm({ ...(await servedWasmPaths()), ...options });
}
