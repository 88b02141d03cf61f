import type { DataType } from "@tensorflow/tfjs-core";

/** Numbers of a type in a shape, to be made a tensor on any backend. */
export interface FuzzTensor {
  readonly shape: readonly number[];
  readonly dtype: Exclude<DataType, "string" | "complex64">;
  readonly values: Float32Array | Int32Array | Uint8Array;
  /** Whether the tensor is another's data in another shape. */
  readonly view: boolean;
}
