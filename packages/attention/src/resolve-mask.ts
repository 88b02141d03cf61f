import { add, reshape, Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { isMask, type Mask } from "@tfblocks/masks";
import { checkTensor, describeValue, DTypeError, own, refuse, ShapeError } from "@tfblocks/tensor-utils";

/** The grid of cells that masks and biases speak about. */
export interface Cells {
  readonly batch: number;
  readonly heads: number;
  readonly queryLength: number;
  readonly keyLength: number;
  readonly queryOffset: number;
  readonly keyOffset: number;
}

/**
 * Which cells are open, as a bool tensor that broadcasts to the cells; the caller owns it. Absent = every key.
 *
 * @throws DTypeError when the mask is neither a `Mask` nor a bool tensor; the message shows the one-line change
 * @throws ShapeError when it is 3-D, or does not broadcast
 */
export function resolveAllowed(operation: string, mask: Mask | Tensor | undefined, cells: Cells): Tensor4D | undefined {
  if (mask === undefined) return undefined;
  return isMask(mask) ? mask.dense(cells) : tensorMask(operation, mask, cells);
}

/**
 * What to add to the scores, from the bias and from an additive mask, as a float32 tensor that broadcasts to the cells;
 * the caller owns it.
 *
 * @throws DTypeError, ShapeError when the bias is not float32 or does not broadcast
 */
export function resolveBias(
  operation: string,
  mask: Mask | Tensor | undefined,
  bias: Tensor | undefined,
  cells: Cells,
): Tensor4D | undefined {
  const given = bias === undefined ? undefined : cellTensor(operation, "bias", bias, "float32", cells);
  const additive = isMask(mask) ? mask.bias?.(cells) : undefined;
  return given && additive ? add(given, additive) : (given ?? additive);
}

/** A bool tensor as it broadcasts to the cells. */
export function tensorMask(operation: string, mask: unknown, cells: Cells): Tensor4D {
  const isTensor = mask instanceof Tensor;
  if (isTensor && (mask.isDisposed || mask.dtype === "bool")) return cellTensor(operation, "mask", mask, "bool", cells);
  const advice = isTensor
    ? 'say what its numbers mean with masks.fromTensor(mask, { kind: "keep" }) for 0/1 or { kind: "additive" } for a bias, or use masks.causal() for a lower triangle'
    : "make one as masks.causal()";
  return refuse(DTypeError, operation, "mask", "a Mask or a bool tensor", describeValue(mask), advice);
}

function cellTensor(operation: string, argument: string, tensor: Tensor, dtype: "bool" | "float32", cells: Cells): Tensor4D {
  checkTensor(operation, argument, tensor, dtype);
  const full = [cells.batch, cells.heads, cells.queryLength, cells.keyLength];
  const shape = tensor.rank === 2 ? [1, 1, ...tensor.shape] : tensor.shape;
  const fits = shape.length === 4 && shape.every((size, axis) => size === full[axis] || size === 1);
  if (!fits) refuseShape(operation, argument, tensor, full);
  return tensor.rank === 2 ? reshape(tensor, shape as [number, number, number, number]) : own(tensor as Tensor4D);
}

function refuseShape(operation: string, argument: string, tensor: Tensor, full: readonly number[]): never {
  const [batch, heads, queryLength, keyLength] = full;
  const expected = `[queryLength, keyLength] = [${queryLength}, ${keyLength}] or broadcastable to [batch, heads, queryLength, keyLength] = [${full.join(", ")}]`;
  const advice = `a 3-D tensor may mean [batch, queryLength, keyLength] or [heads, queryLength, keyLength]: reshape it to [${batch}, 1, ${queryLength}, ${keyLength}] or [1, ${heads}, ${queryLength}, ${keyLength}]`;
  return refuse(ShapeError, operation, argument, expected, `[${tensor.shape.join(", ")}]`, tensor.rank === 3 ? advice : undefined);
}
