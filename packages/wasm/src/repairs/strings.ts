import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Runtime } from "../runtime/runtime.js";
import type { TfjsModule } from "../tfjs/tfjs-module.js";

/** The strings of a tensor in UTF-8, which are not on the heap. */
export function stringsOf(runtime: Runtime, { dataId }: TensorInfo): readonly Uint8Array[] {
  return runtime.backend.dataIdMap.get(dataId).stringBytes!;
}

/** A new tensor of strings. */
export function newStrings(runtime: Runtime, shape: readonly number[], strings: Uint8Array[]): TensorInfo {
  return runtime.backend.makeOutput([...shape], "string", undefined, strings);
}

/** Integers on the heap, valid until the next allocation. */
export function integersAt(runtime: Runtime, address: number, count: number): Int32Array {
  return new Int32Array((runtime.backend.wasm as TfjsModule).HEAPU8.buffer, address, count);
}
