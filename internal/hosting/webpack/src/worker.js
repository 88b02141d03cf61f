import { compute } from "../shared/compute.js";
import { wasmPaths } from "./wasm-paths.js";

postMessage(await compute({ wasmPaths }));
