import type { WasmPaths } from "./wasm-paths.js";

/** Where tfjs's files are when the caller does not say: beside the page. The Vite plugin puts real URLs in this module's place. */
const defaultWasmPaths: WasmPaths | undefined = undefined;
export default defaultWasmPaths;
