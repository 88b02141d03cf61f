import { Tensor } from "@tensorflow/tfjs-core";
import {
  checkInteger,
  checkNumber,
  checkObject,
  checkTensor,
  describeValue,
  type OptionNames,
  Random,
  refuse,
  ShapeError,
  ValueError,
} from "@tfblocks/tensor-utils";

/** `[batch, length, ...]`: a tensor, which the caller owns, or a shape of random values; int32 token ids with vocabSize. */
export type ProbeInput = Tensor | { readonly shape: readonly number[]; readonly vocabSize?: number };

/** Options of the leak checkers. */
export interface LeakOptions {
  /** Seed of all random values; default 0. */
  readonly seed?: number;
  /** The largest absolute change that is accepted; default 0. */
  readonly tolerance?: number;
  /** New values of the changed inputs; NaN finds values that are multiplied by zero instead of left out. Default "random". */
  readonly replaceWith?: "random" | "NaN";
}

/** The names of {@link LeakOptions}, to which each checker adds its own. */
export const leakOptionNames: OptionNames<LeakOptions> = { seed: true, tolerance: true, replaceWith: true };

/** The checked input and options of a leak checker. */
export interface Subject {
  readonly operation: string;
  readonly shape: readonly number[];
  readonly batch: number;
  readonly length: number;
  readonly values: Float32Array | Int32Array;
  readonly random: () => number;
  /** The new value of a changed input. */
  readonly fresh: (old: number) => number;
  readonly tolerance: number;
}

/** Reads or draws the input of a leak checker and checks the values of its options. */
export async function readSubject(operation: string, input: ProbeInput, options: LeakOptions): Promise<Subject> {
  const { seed = 0, tolerance = 0, replaceWith = "random" } = options;
  checkInteger(operation, "seed", seed, 0);
  checkNumber(operation, "tolerance", "a number >= 0", tolerance, (value) => value >= 0);
  const source = new Random(seed);
  const random = () => source.uniform();
  const { shape } = checkObject(operation, "input", input);
  const { values, vocabSize } = await readValues(operation, input, random);
  const choices = vocabSize > 0 ? ["random"] : ["random", "NaN"];
  if (!choices.includes(replaceWith)) {
    refuse(ValueError, operation, "replaceWith", choices.join(" or "), describeValue(replaceWith));
  }
  const fresh = replaceWith === "NaN" ? () => NaN : draw(random, vocabSize);
  return { operation, shape, batch: shape[0]!, length: shape[1]!, values, random, fresh, tolerance };
}

async function readValues(
  operation: string,
  input: ProbeInput,
  random: () => number,
): Promise<{ values: Float32Array | Int32Array; vocabSize: number }> {
  if (input instanceof Tensor) {
    checkTensor(operation, "input", input, input.dtype === "int32" ? "int32" : "float32");
    checkShape(operation, input.shape);
    const values = await input.data();
    if (values instanceof Float32Array) return { values: values.slice(), vocabSize: 0 };
    const ids = Int32Array.from(values);
    return { values: ids, vocabSize: Math.max(2, 1 + ids.reduce((most, id) => Math.max(most, id))) };
  }
  const { shape, vocabSize } = input;
  checkShape(operation, shape);
  if (vocabSize !== undefined) checkInteger(operation, "vocabSize", vocabSize, 2);
  const size = shape.reduce((product, length) => product * length, 1);
  const blank = vocabSize === undefined ? new Float32Array(size) : new Int32Array(size);
  return { values: blank.map(draw(random, vocabSize ?? 0)), vocabSize: vocabSize ?? 0 };
}

function checkShape(operation: string, shape: readonly number[]): void {
  if (Array.isArray(shape) && shape.length >= 2 && shape[1]! >= 2 && shape.every((size) => Number.isInteger(size) && size >= 1)) return;
  refuse(ShapeError, operation, "input", "[batch, length, ...] with length >= 2", `[${String(shape)}]`, "a single position cannot leak");
}

/** A value that differs from the old one: a float32 in [-2, 2), or a token id. */
function draw(random: () => number, vocabSize: number): (old: number) => number {
  return vocabSize > 0 ? (old) => (old + 1 + Math.floor(random() * (vocabSize - 1))) % vocabSize : () => random() * 4 - 2;
}
