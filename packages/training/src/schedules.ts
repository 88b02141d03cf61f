import { checkInteger, checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import { checkNotNegative } from "./checks.js";

/** The learning rate of each step; steps count from 1. */
export type Schedule = (step: number) => number;

/** Options of {@link warmupCosine} and {@link warmupLinear}. */
export interface WarmupOptions {
  /** The largest learning rate, reached at step `warmupSteps`. */
  readonly peak: number;
  /** Number of steps of the linear warm-up, peak · step / warmupSteps; default 0. */
  readonly warmupSteps?: number;
  /** The step that reaches the floor; later steps stay there. */
  readonly totalSteps: number;
  /** The last learning rate; default 0. */
  readonly floor?: number;
}

/** Options of {@link inverseSqrt}. */
export interface InverseSqrtOptions {
  readonly peak: number;
  /** Number of steps of the linear warm-up, at least 1; it also sets the time scale of the decay. */
  readonly warmupSteps: number;
}

const warmupNames: OptionNames<WarmupOptions> = { peak: true, warmupSteps: true, totalSteps: true, floor: true };
const inverseSqrtNames: OptionNames<InverseSqrtOptions> = { peak: true, warmupSteps: true };

/** The same learning rate at every step. @throws ValueError when it is negative or not finite */
export function constant(learningRate: number): Schedule {
  checkNotNegative("constant", "learningRate", learningRate);
  return () => learningRate;
}

/**
 * Linear warm-up, then half a cosine: floor + (peak - floor) · (1 + cos(π t)) / 2, t from 0 at `warmupSteps` to 1 at
 * `totalSteps`. Source: Loshchilov and Hutter 2017 (SGDR), without restarts.
 *
 * @throws ValueError when a rate is negative, a number of steps is not an integer, the warm-up is not shorter than
 *   `totalSteps`, or an option is unknown
 */
export function warmupCosine(options: WarmupOptions): Schedule {
  return warmupThen("warmupCosine", options, (t) => (1 + Math.cos(Math.PI * t)) / 2);
}

/** Linear warm-up, then linear decay: floor + (peak - floor) · (1 - t). Otherwise like {@link warmupCosine}. */
export function warmupLinear(options: WarmupOptions): Schedule {
  return warmupThen("warmupLinear", options, (t) => 1 - t);
}

/**
 * peak · min(step / warmupSteps, sqrt(warmupSteps / step)). Source: Vaswani et al. 2017, section 5.3.
 *
 * @throws ValueError when the peak is negative, `warmupSteps` is not a positive integer, or an option is unknown
 */
export function inverseSqrt(options: InverseSqrtOptions): Schedule {
  const { peak, warmupSteps } = checkOptions("inverseSqrt", options, inverseSqrtNames);
  checkNotNegative("inverseSqrt", "peak", peak);
  checkInteger("inverseSqrt", "warmupSteps", warmupSteps, 1);
  return (step) => peak * Math.min(step / warmupSteps, Math.sqrt(warmupSteps / step));
}

function warmupThen(operation: string, options: WarmupOptions, decay: (t: number) => number): Schedule {
  const { peak, warmupSteps = 0, totalSteps, floor = 0 } = checkOptions(operation, options, warmupNames);
  checkNotNegative(operation, "peak", peak);
  checkNotNegative(operation, "floor", floor);
  checkInteger(operation, "warmupSteps", warmupSteps, 0);
  checkInteger(operation, "totalSteps", totalSteps, warmupSteps + 1);
  return (step) => {
    if (step < warmupSteps) return (peak * step) / warmupSteps;
    const t = Math.min(1, (step - warmupSteps) / (totalSteps - warmupSteps));
    return floor + (peak - floor) * decay(t);
  };
}
