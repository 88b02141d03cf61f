import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
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
export class LiveKernel {
  readonly #firstJob: number;
  readonly #outputs: TensorInfo[] = [];
  readonly #scratches: Scratch[] = [];
  readonly #jobs: Pick<Job, "kernel" | "tasks" | "isShared">[] = [];

  /** @param firstJob the index of its first job in the step */
  constructor(firstJob: number) {
    this.#firstJob = firstJob;
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
   * @param run runs the kernel with a trace, which stands for the heap
   * @throws Error when it would run other jobs than recorded
   */
  prepare(step: LiveStep, run: (trace: StepTrace) => void): void {
    const [outputs, scratches, jobs] = [this.#outputs.values(), this.#scratches.values(), this.#jobs.entries()];
    run({
      kernel: (_kernel, _call, runNow) => runNow(),
      address: (tensor) => step.address(tensor),
      output: (shape, dtype) => sameOutput(outputs.next().value, shape, dtype),
      scratch: (bytes) => enough(scratches.next().value, bytes),
      uploaded: () => {},
      job: (job) => {
        const [index, recorded] = jobs.next().value ?? differs();
        if (recorded.kernel !== job.kernel || recorded.tasks !== job.tasks || recorded.isShared !== job.isShared) differs();
        step.write(this.#firstJob + index, job.words);
        return false;
      },
      refuse: differs,
    });
    if (jobs.next().value !== undefined) differs();
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
