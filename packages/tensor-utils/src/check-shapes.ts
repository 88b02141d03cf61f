import { Tensor, type DataType } from "@tensorflow/tfjs-core";
import { describeValue } from "./describe-value.js";
import { DisposedError, DTypeError, ShapeError, ValueError } from "./errors.js";
import { bindSizes, layoutOf } from "./layout.js";
import { isUnset } from "./unset.js";

/** A tensor and its layout, for example `[query, "batch heads queryLength headDim"]`. The dtype defaults to float32. */
export type NamedLayout = readonly [tensor: Tensor, layout: string, dtype?: DataType];

type Words<Layout extends string> = Layout extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : Layout;
type LayoutNames<Layouts extends Record<string, NamedLayout>> = {
  [Argument in keyof Layouts]: Words<Layouts[Argument][1]>;
}[keyof Layouts];

/** The sizes that {@link checkShapes} returns: one number for each dimension name in the layouts. */
export type Dimensions<Layouts extends Record<string, NamedLayout>> = {
  readonly [Name in Exclude<LayoutNames<Layouts>, "..." | `${number}`>]: number;
};

/**
 * Checks tensors against layouts of named dimensions and returns the size of each name.
 *
 * A layout is a list of words separated by single spaces. A name stands for one size, which must be the same in every
 * argument. A number is an exact size. A leading `...` stands for any number of dimensions.
 *
 * ```ts
 * const { headDim } = checkShapes("scaledDotProductAttention", {
 *   query: [query, "batch heads queryLength headDim"],
 *   key: [key, "batch heads keyLength headDim"],
 * });
 * ```
 *
 * @param operation the public name of the caller, which starts every message
 * @param known sizes that are fixed in advance, each with its source, for example `{ dModel: [512, "the config"] }`
 * @returns the size of each name
 * @throws DTypeError when an argument is not a tensor of the expected dtype (default float32)
 * @throws DisposedError when a tensor was disposed
 * @throws ShapeError when the rank or a size contradicts a layout
 */
export function checkShapes<const Layouts extends Record<string, NamedLayout>>(
  operation: string,
  layouts: Layouts,
  known: Readonly<Record<string, readonly [size: number, source: string]>> = {},
): Dimensions<Layouts> {
  const sizes = Object.create(null) as Record<string, number>;
  for (const name in known) sizes[name] = known[name]![0];
  for (const argument in layouts) {
    const [tensor, layout, dtype = "float32"] = layouts[argument]!;
    checkTensor(operation, argument, tensor, dtype);
    const conflict = bindSizes(layoutOf(layout), tensor.shape, sizes);
    if (conflict === undefined) continue;
    const source = known[conflict]?.[1] ?? Object.keys(layouts).find((each) => layouts[each]![1].split(" ").includes(conflict));
    const binding = conflict in sizes ? ` with ${conflict} = ${sizes[conflict]} (from ${source})` : "";
    const expected = `[${layout.replaceAll(" ", ", ")}]${binding}`;
    throw new ShapeError({ operation, argument, expected, received: `[${tensor.shape.join(", ")}]` });
  }
  return sizes as Dimensions<Layouts>;
}

/**
 * Checks that a value is a live tensor of the expected dtype.
 *
 * @throws DTypeError when it is not a tensor, or has another dtype
 * @throws DisposedError when it was disposed
 * @throws ValueError when it is a parameter of `unsetRandom` that was not set
 */
export function checkTensor(operation: string, argument: string, value: unknown, dtype: DataType = "float32"): asserts value is Tensor {
  if (value instanceof Tensor && !value.isDisposed && value.dtype === dtype) return checkSet(operation, argument, value);
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
  throw new DTypeError({
    operation,
    argument,
    expected,
    received: describeValue(value),
    advice: `convert it with tf.cast(${argument}, "${dtype}") if that is what it means`,
  });
}

function checkSet(operation: string, argument: string, tensor: Tensor): void {
  if (!isUnset(tensor)) return;
  throw new ValueError({
    operation,
    argument,
    expected: "set",
    received: "a parameter of unsetRandom, which has no numbers yet",
    advice: "set it with loadStateDict",
  });
}
