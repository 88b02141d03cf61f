/** The files of `@tensorflow/tfjs-backend-wasm/dist` that a browser fetches. */
export const tfjsWasmFiles = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"] as const;

export type TfjsWasmFile = (typeof tfjsWasmFiles)[number];

/** The folder from which these files are served, or the URL of each. */
export type WasmPaths = string | Readonly<Partial<Record<TfjsWasmFile, string>>>;
