import type { KernelBackend, Tensor } from "@tensorflow/tfjs-core";

/** What listens while a step is captured. */
export interface StepRecorder {
  /** Evaluates something that is evaluated again before each repetition, and may read live tensors. */
  evaluate<Result>(live: () => Result): Result;
  /** Numbers of a tensor that the step keeps, which are written again before each repetition. */
  rewrite(target: Tensor, read: () => Float32Array | Int32Array): void;
  /** Runs a check now and before each repetition. Where it throws, nothing is repeated. */
  beforeEach(check: () => void): void;
  /** Runs an effect, besides tensors, after each repetition; the body itself has it this time. */
  afterEach(effect: () => void): void;
  /** Says why the step cannot be repeated; the current run continues as a plain one. */
  refuse(reason: string): void;
  /** Attributes of a kernel, which are computed again before each repetition. */
  liveAttrs<Attrs extends object>(read: () => Attrs): Attrs;
}

/** The kernels of a step, as far as they are known. */
export interface RecordedStep {
  /** Whether the last run only ran recorded kernels. */
  readonly isRepeated: boolean;
  /** Why the step cannot be repeated; undefined while nothing speaks against it. */
  readonly refusal: string | undefined;
  /** Runs the recorded kernels where a plain run would run the same, or the body while it records. The result belongs to the step. */
  run(body: () => Tensor): Tensor;
  dispose(): void;
}

const makers = new WeakMap<KernelBackend, () => RecordedStep>();

/** Lets the steps of a backend be recorded. */
export function provideRecording(backend: KernelBackend, make: () => RecordedStep): void {
  makers.set(backend, make);
}

/** A step of which nothing is recorded yet; undefined where the backend records none. */
export function emptyRecording(backend: KernelBackend): RecordedStep | undefined {
  return makers.get(backend)?.();
}
