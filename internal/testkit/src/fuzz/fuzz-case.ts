import type { Tensor } from "@tensorflow/tfjs-core";
import type { Tolerance } from "../tensors.js";
import type { FuzzSource } from "./fuzz-source.js";
import type { FuzzTensor } from "./fuzz-tensor.js";

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
