import { checkInteger, checkNumber, checkObject, checkUnknown, isFiniteFloat } from "@tfblocks/tensor-utils";

/** The learning rate of a step, which is counted from 1. */
export type Schedule = (step: number) => number;

/** Options of {@link warmupCosine} and {@link warmupLinear}. */
export interface WarmupOptions {
  /** The largest learning rate, reached at step `warmupSteps`. */
  readonly peak: number;
  /** Steps of linear growth: peak · step / warmupSteps; default 0. */
  readonly warmupSteps?: number;
  /** The step at which the floor is reached; it stays from there. */
  readonly totalSteps: number;
  /** The last learning rate; default 0. */
  readonly floor?: number;
}

/** Options of {@link inverseSqrt}. */
export interface InverseSqrtOptions {
  readonly peak: number;
  /** Steps of linear growth, from which the decay is measured; at least 1. */
  readonly warmupSteps: number;
}

/** The same learning rate at every step. @throws ValueError when it is negative or not finite */
export function constant(learningRate: number): Schedule {
  checkRate("constant", "learningRate", learningRate);
  return () => learningRate;
}

/**
 * Linear warm-up, then half a cosine: floor + (peak - floor) · (1 + cos(π t)) / 2, t from 0 at `warmupSteps` to 1 at
 * `totalSteps`. Source: Loshchilov and Hutter 2017 (SGDR), without restarts.
 *
 * @throws ValueError when a rate is negative, a step count is no integer, or the warm-up is not shorter than the whole
 */
export function warmupCosine(options: WarmupOptions): Schedule {
  return warmupThen("warmupCosine", options, (t) => (1 + Math.cos(Math.PI * t)) / 2);
}

/** Linear warm-up, then linear decay: floor + (peak - floor) · (1 - t). As {@link warmupCosine} otherwise. */
export function warmupLinear(options: WarmupOptions): Schedule {
  return warmupThen("warmupLinear", options, (t) => 1 - t);
}

/**
 * peak · min(step / warmupSteps, sqrt(warmupSteps / step)). Source: Vaswani et al. 2017, section 5.3.
 *
 * @throws ValueError when the peak is negative or `warmupSteps` no positive integer
 */
export function inverseSqrt(options: InverseSqrtOptions): Schedule {
  const { peak, warmupSteps, ...unknown } = checkObject("inverseSqrt", "options", options);
  checkUnknown("inverseSqrt", "options", unknown);
  checkRate("inverseSqrt", "peak", peak);
  checkInteger("inverseSqrt", "warmupSteps", warmupSteps, 1);
  return (step) => peak * Math.min(step / warmupSteps, Math.sqrt(warmupSteps / step));
}

function warmupThen(operation: string, options: WarmupOptions, decay: (t: number) => number): Schedule {
  const { peak, warmupSteps = 0, totalSteps, floor = 0, ...unknown } = checkObject(operation, "options", options);
  checkUnknown(operation, "options", unknown);
  checkRate(operation, "peak", peak);
  checkRate(operation, "floor", floor);
  checkInteger(operation, "warmupSteps", warmupSteps, 0);
  checkInteger(operation, "totalSteps", totalSteps, warmupSteps + 1);
  return (step) => {
    if (step < warmupSteps) return (peak * step) / warmupSteps;
    const t = Math.min(1, (step - warmupSteps) / (totalSteps - warmupSteps));
    return floor + (peak - floor) * decay(t);
  };
}

function checkRate(operation: string, argument: string, rate: number): void {
  checkNumber(operation, argument, "a number >= 0", rate, (value) => isFiniteFloat(value) && value >= 0);
}
