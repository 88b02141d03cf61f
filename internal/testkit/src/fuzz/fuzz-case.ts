import type { DataType, Tensor } from "@tensorflow/tfjs-core";
import type { Tolerance } from "../tensors.js";
import type { FuzzSource } from "./fuzz-source.js";

/** Numbers of a type in a shape, to be made a tensor on any backend. */
export interface FuzzTensor {
  readonly shape: readonly number[];
  readonly dtype: Exclude<DataType, "string" | "complex64">;
  readonly values: Float32Array | Int32Array | Uint8Array;
  /** Whether the tensor is another's data in another shape. */
  readonly view: boolean;
}

/** Tensors of a case by name; two names of one object share a tensor. */
export type FuzzInputs = Readonly<Record<string, FuzzTensor>>;

type Run = (tensors: Readonly<Record<string, Tensor>>) => Tensor | readonly Tensor[];

/** One call of one kernel. */
export interface FuzzCase {
  readonly inputs: FuzzInputs;
  /** The call as a reader would write it. */
  readonly call: string;
  readonly run: Run;
  /** What the CPU backend runs instead, where its own kernel is wrong or missing. */
  readonly oracle?: Run;
  /** Default: equal numbers. Integers and booleans always have to be. */
  readonly tolerance?: Tolerance;
}

/** A kernel with a source of cases. */
export interface FuzzRow {
  readonly kernelName: string;
  readonly make: (source: FuzzSource) => FuzzCase;
}
