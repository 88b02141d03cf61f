import type { WasmPaths } from "./wasm-paths.js";

/** The default of `wasmPaths`: the folder of the page. The Vite plugin replaces this module by one with URLs. */
const defaultWasmPaths: WasmPaths | undefined = undefined;
export default defaultWasmPaths;
