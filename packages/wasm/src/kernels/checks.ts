import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { DTypeError, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { sameShape } from "../sizes.js";

// Kernels work on addresses, so their inputs are checked first: no kernel may read or write outside a tensor.

/** @throws DTypeError when the input is missing or has another type */
export function demandType(kernelName: string, argument: string, tensor: TensorInfo | undefined, dtype: DataType = "float32"): TensorInfo {
  if (tensor?.dtype === dtype) return tensor;
  return refuse(DTypeError, kernelName, argument, `${dtype === "int32" ? "an" : "a"} ${dtype} tensor`, tensor?.dtype ?? "nothing");
}

/** @throws ShapeError, DTypeError when the input has another shape or type, or is missing */
export function demandShape(
  kernelName: string,
  argument: string,
  tensor: TensorInfo | undefined,
  shape: readonly number[],
  dtype: DataType = "float32",
): TensorInfo {
  const known = demandType(kernelName, argument, tensor, dtype);
  if (sameShape(known.shape, shape)) return known;
  return refuse(ShapeError, kernelName, argument, `[${shape.join(", ")}]`, `[${known.shape.join(", ")}]`);
}

/** @throws ShapeError when the input does not have the rank of the layout */
export function demandRank(kernelName: string, argument: string, tensor: TensorInfo | undefined, layout: string): TensorInfo {
  const known = demandType(kernelName, argument, tensor);
  const names = layout.split(" ");
  const open = names[0] === "...";
  const rank = known.shape.length;
  if (open ? rank >= names.length - 1 : rank === names.length) return known;
  return refuse(ShapeError, kernelName, argument, `[${names.join(", ")}]`, `[${known.shape.join(", ")}]`);
}

/**
 * The entry of a table for the value of an attribute.
 *
 * @throws ValueError when the table has no such entry
 */
export function choose<Value>(
  kernelName: string,
  attribute: string,
  table: Readonly<Record<string, Value>>,
  choice: string | undefined,
): Value {
  if (choice !== undefined && Object.hasOwn(table, choice)) return table[choice]!;
  const names = Object.keys(table).map((name) => `"${name}"`);
  return refuse(ValueError, kernelName, attribute, names.join(" or "), choice);
}

/** @throws ValueError when an attribute is none of these numbers */
export function demandOneOf(kernelName: string, attribute: string, known: readonly number[], value: number): number {
  if (known.includes(value)) return value;
  return refuse(ValueError, kernelName, attribute, known.join(" or "), value);
}

/** @throws ValueError when an attribute is not an integer of this range */
export function demandWhole(kernelName: string, attribute: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(ValueError, kernelName, attribute, `an integer from ${least} to ${most}`, value);
}
