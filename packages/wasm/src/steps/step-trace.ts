import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";

/** Numbers that go to the heap. */
export type HeapArray = Uint8Array | Int32Array | Float32Array;

/** One run of a kernel function. */
export interface Job {
  /** The number of the kernel function. */
  readonly kernel: number;
  readonly tasks: number;
  /** Whether it is worth sharing with other threads. */
  readonly isShared: boolean;
  readonly words: Uint32Array;
}

/** What a runtime asks while a step is recorded, or prepared to be repeated. */
export interface StepTrace {
  /** Runs a kernel that the body calls. */
  kernel<Result>(kernel: FastKernel, call: KernelCall<never>, run: () => Result): Result;
  /** The address of the numbers of a tensor. */
  address(tensor: TensorInfo): number;
  /** A new tensor, or the one of the recording. */
  output(shape: readonly number[], dtype: DataType): TensorInfo;
  /** The address of memory that only the step uses, aligned to 16 bytes. */
  scratch(bytes: number): number;
  /** Addresses of scratch memory already filled from a tensor, keyed by how it was filled. */
  derived(from: TensorInfo): Map<string, number>;
  /** Hears that a kernel writes into a tensor that it did not make. */
  changed(tensor: TensorInfo): void;
  /** Takes note of numbers that were copied to the heap. */
  uploaded(address: number, numbers: HeapArray): void;
  /** Takes a job; returns whether it also has to run now. */
  job(job: Job): boolean;
  /** Hears what cannot be repeated. */
  refuse(reason: string): void;
}
