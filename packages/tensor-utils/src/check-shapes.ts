import { Tensor, type DataType } from "@tensorflow/tfjs-core";
import { describeValue } from "./describe-value.js";
import { DisposedError, DTypeError, ShapeError, ValueError } from "./errors.js";

/** A tensor and its layout, as `[query, "batch heads queryLength headDim"]`; the dtype is float32 unless named. */
export type NamedLayout = readonly [tensor: Tensor, layout: string, dtype?: DataType];

type Words<Layout extends string> = Layout extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : Layout;
type LayoutNames<Layouts extends Record<string, NamedLayout>> = {
  [Argument in keyof Layouts]: Words<Layouts[Argument][1]>;
}[keyof Layouts];

/** The sizes bound by {@link checkShapes}, one number for each dimension name in the layouts. */
export type Dimensions<Layouts extends Record<string, NamedLayout>> = {
  readonly [Name in Exclude<LayoutNames<Layouts>, "..." | `${number}`>]: number;
};

/**
 * Checks tensors against layouts of named dimensions and gives the sizes of the names.
 *
 * A layout is words with single spaces: a name binds a size (the same name means the same size in every
 * argument), a number demands that size, and a leading `...` stands for any number of dimensions.
 *
 * ```ts
 * const { headDim } = checkShapes("scaledDotProductAttention", {
 *   query: [query, "batch heads queryLength headDim"],
 *   key: [key, "batch heads keyLength headDim"],
 * });
 * ```
 *
 * @param operation the public name of the caller, first word of every message
 * @param known sizes bound beforehand, each with where it comes from, as `{ dModel: [512, "the config"] }`
 * @returns the size of each name
 * @throws DTypeError when an argument is no tensor or has another dtype than its layout names (default float32)
 * @throws DisposedError when a tensor was disposed
 * @throws ShapeError when the rank or a size contradicts a layout
 */
export function checkShapes<const Layouts extends Record<string, NamedLayout>>(
  operation: string,
  layouts: Layouts,
  known: Readonly<Record<string, readonly [size: number, source: string]>> = {},
): Dimensions<Layouts> {
  const bound: Binding = new Map(Object.entries(known).map(([name, [size, source]]) => [name, { size, source }]));
  for (const [argument, [tensor, layout, dtype = "float32"]] of Object.entries(layouts)) {
    checkTensor(operation, argument, tensor, dtype);
    bindNames({ operation, argument, layout: layout.split(" ") }, tensor, bound);
  }
  return Object.fromEntries([...bound].map(([name, { size }]) => [name, size])) as Dimensions<Layouts>;
}

/**
 * Checks that a value is a live tensor of one dtype.
 *
 * @throws DTypeError when it is no tensor or has another dtype
 * @throws DisposedError when it was disposed
 */
export function checkTensor(operation: string, argument: string, value: unknown, dtype: DataType = "float32"): asserts value is Tensor {
  const expected = `${dtype === "int32" ? "an" : "a"} ${dtype} tensor`;
  if (!(value instanceof Tensor)) throw new DTypeError({ operation, argument, expected, received: describeValue(value) });
  if (value.isDisposed) {
    throw new DisposedError({
      operation,
      argument,
      expected: "a live tensor",
      received: describeValue(value),
      advice: "keep it alive until the call returns",
    });
  }
  if (value.dtype !== dtype) {
    throw new DTypeError({
      operation,
      argument,
      expected,
      received: describeValue(value),
      advice: `convert it with tf.cast(${argument}, "${dtype}") if that is what it means`,
    });
  }
}

/**
 * Checks that a number is an integer within bounds.
 *
 * @throws ValueError when it is not
 */
export function checkInteger(
  operation: string,
  argument: string,
  value: unknown,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return;
  const expected = max === Number.MAX_SAFE_INTEGER ? `an integer >= ${min}` : `an integer from ${min} to ${max}`;
  throw new ValueError({ operation, argument, expected, received: describeValue(value) });
}

interface LayoutUse {
  readonly operation: string;
  readonly argument: string;
  readonly layout: readonly string[];
}

type Binding = Map<string, { size: number; source: string }>;

function bindNames(use: LayoutUse, tensor: Tensor, bound: Binding): void {
  const open = use.layout[0] === "...";
  const names = open ? use.layout.slice(1) : use.layout;
  if (open ? tensor.rank < names.length : tensor.rank !== names.length) throw mismatch(use, tensor, "");
  const sizes = tensor.shape.slice(tensor.rank - names.length);
  names.forEach((name, axis) => bindName(use, tensor, name, sizes[axis]!, bound));
}

function bindName(use: LayoutUse, tensor: Tensor, name: string, size: number, bound: Binding): void {
  if (/^\d+$/.test(name)) {
    if (size !== Number(name)) throw mismatch(use, tensor, "");
    return;
  }
  const known = bound.get(name);
  if (known === undefined) bound.set(name, { size, source: use.argument });
  else if (known.size !== size) throw mismatch(use, tensor, ` with ${name} = ${known.size} (from ${known.source})`);
}

function mismatch({ operation, argument, layout }: LayoutUse, tensor: Tensor, binding: string): ShapeError {
  const expected = `[${layout.join(", ")}]${binding}`;
  return new ShapeError({ operation, argument, expected, received: `[${tensor.shape.join(", ")}]` });
}
