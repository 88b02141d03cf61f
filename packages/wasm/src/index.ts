export { hasRelaxedSimd } from "./runtime/features.js";
export type { SetupWasmOptions } from "./options.js";
export { setupWasm } from "./setup-wasm.js";
export type { TfjsWasmFile, WasmPaths } from "./tfjs/wasm-paths.js";
export type { KernelChoice, WasmInfo } from "./wasm-info.js";
export { WasmSetupError } from "./wasm-setup-error.js";
