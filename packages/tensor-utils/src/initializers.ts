import { tensor, type Rank, type ShapeMap, type Tensor } from "@tensorflow/tfjs-core";
import { guardAllocation } from "./allocation.js";
import { checkInteger, checkNumber } from "./check-number.js";
import { ValueError } from "./errors.js";
import { checkOptions } from "./options.js";
import { type Random, unsetRandom } from "./random.js";
import { unsetTensor } from "./unset.js";

/**
 * Makes the initial value of a parameter. Weights are `[outFeatures, inFeatures]`, as in PyTorch.
 *
 * Initializers that scale by fan-in or fan-out (xavier, kaiming, lecun, torch) throw a ValueError for a shape with fewer
 * than two dimensions. A shape that does not fit into memory throws an AllocationError before anything is allocated.
 * Those of this package allocate nothing when the source is {@link unsetRandom}.
 */
export type Initializer = (shape: readonly number[], random: Random) => Tensor;

/** Every element 0. */
export const zerosInit: Initializer = (shape, random) => filled(shape, random, (values) => values);

/** Every element 1. */
export const onesInit: Initializer = (shape, random) => filled(shape, random, (values) => values.fill(1));

/**
 * Uniform on [min, max), then rounded to float32.
 *
 * @throws ValueError when a bound is not finite or max < min
 */
export function uniformInit(min: number, max: number): Initializer {
  checkFinite("uniformInit", { min, max });
  checkAtLeast("uniformInit", "max", max, min);
  return (shape, random) => drawn(shape, random, () => min + (max - min) * random.uniform());
}

/**
 * Normal with a mean (default 0) and a standard deviation.
 *
 * @throws ValueError when a number is not finite or the standard deviation is negative
 */
export function normalInit(standardDeviation: number, mean = 0): Initializer {
  checkFinite("normalInit", { standardDeviation, mean });
  checkAtLeast("normalInit", "standardDeviation", standardDeviation, 0);
  return (shape, random) => drawn(shape, random, () => mean + standardDeviation * random.normal());
}

/** Options of {@link truncatedNormalInit}. */
export interface TruncatedNormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Largest distance from the mean, in standard deviations; at least 0.1, default 2. */
  readonly limit?: number;
}

/**
 * Normal, redrawn until the value is within `limit` standard deviations of the mean. The limits of PyTorch's
 * `trunc_normal_` are absolute values instead: with standard deviation 0.02, its default limits of ±2 have no effect.
 *
 * @throws ValueError when a number is not finite, the standard deviation is negative, the limit is below 0.1, or an
 *   option is unknown
 */
export function truncatedNormalInit(standardDeviation: number, options: TruncatedNormalOptions = {}): Initializer {
  const { mean = 0, limit = 2 } = checkOptions("truncatedNormalInit", options, { mean: true, limit: true });
  checkFinite("truncatedNormalInit", { standardDeviation, mean, limit });
  checkAtLeast("truncatedNormalInit", "standardDeviation", standardDeviation, 0);
  checkAtLeast("truncatedNormalInit", "limit", limit, 0.1);
  return (shape, random) => drawn(shape, random, () => mean + standardDeviation * normalWithin(limit, random));
}

/** Glorot and Bengio 2010: uniform on ±sqrt(6 / (fanIn + fanOut)). PyTorch's `xavier_uniform_`. */
export const xavierUniform: Initializer = (shape, random) => {
  const { fanIn, fanOut } = fans("xavierUniform", shape);
  return symmetric(Math.sqrt(6 / (fanIn + fanOut)), shape, random);
};

/** Glorot and Bengio 2010: normal with standard deviation sqrt(2 / (fanIn + fanOut)). */
export const xavierNormal: Initializer = (shape, random) => {
  const { fanIn, fanOut } = fans("xavierNormal", shape);
  return normalInit(Math.sqrt(2 / (fanIn + fanOut)))(shape, random);
};

/**
 * One of the three input projections of PyTorch's `nn.MultiheadAttention`, which draws them as one packed
 * `[3 dModel, dModel]` matrix: uniform on ±sqrt(6 / (fanIn + 3 fanOut)). For a square projection this bound is
 * 1/sqrt(2) times that of {@link xavierUniform}.
 */
export const packedXavierUniform: Initializer = (shape, random) => {
  const { fanIn, fanOut } = fans("packedXavierUniform", shape);
  return symmetric(Math.sqrt(6 / (fanIn + 3 * fanOut)), shape, random);
};

/** He et al. 2015: uniform on ±sqrt(6 / fanIn), for layers that end in a ReLU. PyTorch's `kaiming_uniform_` with its defaults. */
export const kaimingUniform: Initializer = (shape, random) => symmetric(Math.sqrt(6 / fans("kaimingUniform", shape).fanIn), shape, random);

/** He et al. 2015: normal with standard deviation sqrt(2 / fanIn), for layers that end in a ReLU. */
export const kaimingNormal: Initializer = (shape, random) => normalInit(Math.sqrt(2 / fans("kaimingNormal", shape).fanIn))(shape, random);

/** LeCun et al. 1998: uniform on ±sqrt(3 / fanIn), which preserves the variance of a linear layer's input. */
export const lecunUniform: Initializer = (shape, random) => symmetric(Math.sqrt(3 / fans("lecunUniform", shape).fanIn), shape, random);

/** LeCun et al. 1998: normal with standard deviation sqrt(1 / fanIn). Not truncated, unlike in Keras and Flax. */
export const lecunNormal: Initializer = (shape, random) => normalInit(Math.sqrt(1 / fans("lecunNormal", shape).fanIn))(shape, random);

/** The default weight of PyTorch's `nn.Linear`, `kaiming_uniform_(a=sqrt(5))`: uniform on ±1/sqrt(fanIn). */
export const torchLinearWeight: Initializer = (shape, random) =>
  symmetric(1 / Math.sqrt(fans("torchLinearWeight", shape).fanIn), shape, random);

function symmetric(bound: number, shape: readonly number[], random: Random): Tensor {
  return uniformInit(-bound, bound)(shape, random);
}

function normalWithin(limit: number, random: Random): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) <= limit) return value;
  }
}

/** fanIn and fanOut of `[outFeatures, inFeatures, ...receptive field]`, as PyTorch counts them, at least 1. */
function fans(operation: string, shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    throw new ValueError({
      operation,
      argument: "shape",
      expected: "[outFeatures, inFeatures, ...]",
      received: `[${shape.join(", ")}]`,
      advice: "use zerosInit, normalInit or uniformInit for a vector",
    });
  }
  const receptive = shape.slice(2).reduce((product, size) => product * size, 1);
  return { fanIn: Math.max(1, shape[1]! * receptive), fanOut: Math.max(1, shape[0]! * receptive) };
}

function drawn(shape: readonly number[], random: Random, next: () => number): Tensor {
  return filled(shape, random, (values) => {
    for (let at = 0; at < values.length; at++) values[at] = next(); // faster than map
    return values;
  });
}

/** @param fill gets as many zeros as the shape has elements; nothing is filled for {@link unsetRandom} */
function filled(shape: readonly number[], random: Random, fill: (values: Float32Array) => Float32Array): Tensor {
  for (const size of shape) checkInteger("Initializer", "each size in shape", size, 0);
  if (random === unsetRandom) return unsetTensor(shape);
  guardAllocation("Initializer", { parameter: shape });
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(fill(new Float32Array(count)), [...shape] as ShapeMap[Rank], "float32");
}

function checkFinite(operation: string, numbers: Record<string, number>): void {
  for (const [argument, value] of Object.entries(numbers)) checkNumber(operation, argument, "a finite number", value, Number.isFinite);
}

function checkAtLeast(operation: string, argument: string, value: number, minimum: number): void {
  checkNumber(operation, argument, `>= ${minimum}`, value, (number) => number >= minimum);
}
