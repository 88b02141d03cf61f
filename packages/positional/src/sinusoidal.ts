import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import {
  checkInteger,
  checkNumber,
  checkOptions,
  checkPositive,
  describeValue,
  guardAllocation,
  type OptionNames,
  refuse,
  ValueError,
} from "@tfblocks/tensor-utils";

/** Which columns hold the sines and cosines: 2i and 2i + 1, or i and i + dModel / 2. */
export type SinusoidalLayout = "interleaved" | "half";

/** Sizes of {@link sinusoidal}. */
export interface SinusoidalOptions {
  /** Number of positions. */
  readonly length: number;
  /** Width of a row; even. */
  readonly dModel: number;
  /** Base of the frequencies; default 10000. */
  readonly base?: number;
  /** Position of the first row, an integer >= 0; default 0. */
  readonly offset?: number;
  /** `"interleaved"`, as in the paper, or `"half"`: all sines, then all cosines; default `"interleaved"`. */
  readonly layout?: SinusoidalLayout;
}

const optionNames: OptionNames<SinusoidalOptions> = { length: true, dModel: true, base: true, offset: true, layout: true };

/**
 * Sinusoidal position encodings: sin(position · f_i) and cos(position · f_i) with f_i = base^(-2i / dModel). Angles are
 * computed in float64. A shift by k positions rotates pair i by k · f_i. Vaswani et al. 2017, section 3.5.
 *
 * Tensor2Tensor, fairseq and Whisper compute different numbers: they divide by dModel / 2 - 1, the paper by dModel / 2.
 *
 * @returns `[length, dModel]`, which is added to `[batch, length, dModel]`
 * @throws ValueError when a size is out of range, or the layout or an option is unknown
 * @throws AllocationError when the encodings would not fit into memory
 */
export function sinusoidal(options: SinusoidalOptions): Tensor2D {
  const { length, dModel, base, offset, layout } = resolve(options);
  guardAllocation("sinusoidal", { output: [length, dModel] });
  const half = dModel / 2;
  const [stride, cosine] = layout === "half" ? [1, half] : [2, 1];
  const values = new Float32Array(length * dModel);
  for (let pair = 0; pair < half; pair++) {
    const frequency = 1 / base ** (pair / half);
    for (let row = 0; row < length; row++) {
      const [angle, at] = [(offset + row) * frequency, row * dModel + stride * pair];
      values[at] = Math.sin(angle);
      values[at + cosine] = Math.cos(angle);
    }
  }
  return tensor2d(values, [length, dModel]);
}

function resolve(options: SinusoidalOptions): Required<SinusoidalOptions> {
  const operation = "sinusoidal";
  const { length, dModel, base = 10000, offset = 0, layout = "interleaved" } = checkOptions(operation, options, optionNames);
  checkInteger(operation, "length", length, 0);
  checkNumber(operation, "dModel", "an even integer >= 2", dModel, (size) => Number.isInteger(size) && size >= 2 && size % 2 === 0);
  checkPositive(operation, "base", base);
  checkInteger(operation, "offset", offset, 0);
  if (layout !== "half" && layout !== "interleaved") {
    refuse(ValueError, operation, "layout", '"interleaved" or "half"', describeValue(layout));
  }
  return { length, dModel, base, offset, layout };
}
