import type { KernelArguments } from "../generated/kernel-arguments.js";

/** A function of assembly/kernels/. */
export type KernelFunction = keyof KernelArguments;

/** The kernel functions that take these arguments. */
export type KernelsWith<Arguments> = {
  [Kernel in KernelFunction]: Arguments extends KernelArguments[Kernel] ? Kernel : never;
}[KernelFunction];
