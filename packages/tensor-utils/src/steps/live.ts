import { keep, tensor, type Tensor } from "@tensorflow/tfjs-core";
import type { StepRecorder } from "./step-recorder.js";

/** A value, or a function that gives the one of this repetition of a {@link CapturedStep}. */
export type Live<Value> = Value | (() => Value);

/** The value of now. */
export function current<Value extends number>(live: Live<Value>): Value {
  return typeof live === "function" ? live() : live;
}

let active: StepRecorder | undefined;

/** The recorder of the step that is being captured; undefined outside of a capture. */
export function activeRecorder(): StepRecorder | undefined {
  return active;
}

/** Runs something, besides tensors, that a body changes after each repetition of a {@link CapturedStep}; the body itself does it now. */
export function repeatEachRun(effect: () => void): void {
  active?.afterEach(effect);
}

/** Runs a body while a recorder listens. */
export function recordedBy<Result>(recorder: StepRecorder, body: () => Result): Result {
  const outer = active;
  active = recorder;
  try {
    return body();
  } finally {
    active = outer;
  }
}

/**
 * A tensor of numbers that change from one repetition of a {@link CapturedStep} to the next, for example a token. It belongs to the
 * surrounding `scope`, or to the step while one is captured.
 *
 * @param read gives as many numbers at each repetition
 */
export function liveTensor(read: () => Float32Array | Int32Array, shape: readonly number[]): Tensor {
  const numbers = active === undefined ? read() : active.evaluate(read);
  const made = tensor(numbers, [...shape], numbers instanceof Int32Array ? "int32" : "float32");
  if (active === undefined) return made;
  active.rewrite(keep(made), read);
  return made;
}

/**
 * Checks something now and before each repetition of a {@link CapturedStep}; the check may read live tensors. If it throws then, the step
 * runs as a plain one and throws the same.
 */
export function checkEachRun(check: () => void): void {
  if (active === undefined) check();
  else active.beforeEach(check);
}
