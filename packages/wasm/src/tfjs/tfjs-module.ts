import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** The Emscripten module of tfjs, as far as it is used here. */
export type TfjsModule = BackendWasm["wasm"] & {
  HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  cwrap(name: string, result: string | null, parameters: readonly string[]): (...values: unknown[]) => unknown;
  /** The exports of the WebAssembly instance, with minified names. */
  readonly asm: Readonly<Record<string, unknown>>;
  /** Only in the threaded module. */
  readonly wasmMemory?: WebAssembly.Memory;
};

/** The memory that holds the tensors of tfjs. */
export function memoryOf(module: TfjsModule): WebAssembly.Memory {
  const memory = module.wasmMemory ?? Object.values(module.asm).find((each) => each instanceof WebAssembly.Memory);
  if (memory === undefined) throw new Error("the module of tfjs has no memory");
  return memory;
}
