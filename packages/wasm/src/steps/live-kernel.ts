import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import type { Job, StepTrace } from "./step-trace.js";

/** A piece of scratch memory, with room for a later run that needs more. */
interface Scratch {
  readonly address: number;
  readonly bytes: number;
}

/**
 * A call of a kernel whose attributes are live. Before each repetition it runs once more, up to its jobs: it finds the tensors and the
 * memory of the recording, and its arguments are written into the list of jobs.
 */
export class LiveKernel implements StepTrace {
  readonly #step: LiveStep;
  readonly #firstJob: number;
  readonly #outputs: TensorInfo[] = [];
  readonly #scratches: Scratch[] = [];
  readonly #jobs: Pick<Job, "kernel" | "tasks" | "isShared">[] = [];
  /** How many of the recorded ones this run has used. */
  #usedOutputs = 0;
  #usedScratches = 0;
  #usedJobs = 0;

  /** @param firstJob the index of its first job in the step */
  constructor(step: LiveStep, firstJob: number) {
    [this.#step, this.#firstJob] = [step, firstJob];
  }

  addOutput(made: TensorInfo): void {
    this.#outputs.push(made);
  }

  addScratch(address: number, bytes: number): void {
    this.#scratches.push({ address, bytes });
  }

  addJob({ kernel, tasks, isShared }: Job): void {
    this.#jobs.push({ kernel, tasks, isShared });
  }

  /**
   * Writes the arguments of its jobs.
   *
   * @param run runs the kernel with this trace in place of the heap
   * @throws Error when it would run other jobs than recorded
   */
  prepare(run: () => unknown): void {
    this.#usedOutputs = this.#usedScratches = this.#usedJobs = 0;
    run();
    if (this.#usedJobs !== this.#jobs.length) differs();
  }

  // What the kernel asks when it runs once more

  kernel<Result>(_kernel: FastKernel, _call: KernelCall<never>, runNow: () => Result): Result {
    return runNow();
  }

  address(tensor: TensorInfo): number {
    return this.#step.address(tensor);
  }

  output(shape: readonly number[], dtype: DataType): TensorInfo {
    return sameOutput(this.#outputs[this.#usedOutputs++], shape, dtype);
  }

  scratch(bytes: number): number {
    return enough(this.#scratches[this.#usedScratches++], bytes);
  }

  /** Shares nothing with other kernels, because what it computes may differ from run to run. */
  derived(): Map<string, number> {
    return new Map();
  }

  changed(): void {}

  uploaded(): void {}

  job({ kernel, tasks, isShared, words }: Job): boolean {
    const recorded = this.#jobs[this.#usedJobs] ?? differs();
    if (recorded.kernel !== kernel || recorded.tasks !== tasks || recorded.isShared !== isShared) differs();
    this.#step.write(this.#firstJob + this.#usedJobs++, words);
    return false;
  }

  refuse(): void {
    differs();
  }
}

/** The step of a live kernel. */
export interface LiveStep {
  address(tensor: TensorInfo): number;
  /** Writes the arguments of a job. */
  write(job: number, words: Uint32Array): void;
}

function sameOutput(made: TensorInfo | undefined, shape: readonly number[], dtype: DataType): TensorInfo {
  const isSame = made?.dtype === dtype && made.shape.length === shape.length && made.shape.every((size, axis) => size === shape[axis]);
  return isSame ? made : differs();
}

function enough(scratch: Scratch | undefined, bytes: number): number {
  return scratch !== undefined && scratch.bytes >= bytes ? scratch.address : differs();
}

function differs(): never {
  throw new Error("the kernel would not do what was recorded");
}
