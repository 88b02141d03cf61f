import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** tfjs's Emscripten module, as far as it is used here. */
export type TfjsModule = BackendWasm["wasm"] & {
  HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  cwrap(name: string, result: string | null, parameters: readonly string[]): (...values: unknown[]) => unknown;
  /** The exports of the WebAssembly instance; their names are minified. */
  readonly asm: Readonly<Record<string, unknown>>;
  /** Only in the threaded module. */
  readonly wasmMemory?: WebAssembly.Memory;
};

/** The heap that tfjs's tensors live in. */
export function memoryOf(module: TfjsModule): WebAssembly.Memory {
  const memory = module.wasmMemory ?? Object.values(module.asm).find((each) => each instanceof WebAssembly.Memory);
  if (memory === undefined) throw new Error("tfjs's module has no memory");
  return memory;
}
