import { add, reshape, slice, Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { isMask, type Mask } from "@tfblocks/masks";
import { checkTensor, describeValue, DTypeError, own, refuse, ShapeError } from "@tfblocks/tensor-utils";

/** The grid of (query, key) cells that a mask or bias applies to. */
export interface Cells {
  readonly batch: number;
  readonly heads: number;
  readonly queryLength: number;
  readonly keyLength: number;
  readonly queryOffset: number;
  readonly keyOffset: number;
}

/**
 * The mask as a bool tensor that broadcasts to the cells, true = may attend. The caller owns it. Undefined = every key.
 *
 * @throws DTypeError when the mask is neither a `Mask` nor a bool tensor; the message shows how to convert it
 * @throws ShapeError when it is 3-D, or does not broadcast
 */
export function resolveAllowed(operation: string, mask: Mask | Tensor | undefined, cells: Cells): Tensor4D | undefined {
  if (mask === undefined) return undefined;
  return isMask(mask) ? mask.dense(cells) : tensorMask(operation, mask, cells);
}

/**
 * The sum of the bias and of an additive mask, as a float32 tensor that broadcasts to the cells. The caller owns it.
 *
 * @param hasRoom whether the bias may have further columns, for later keys of a captured step
 * @throws DTypeError, ShapeError when the bias is not float32 or does not broadcast
 */
export function resolveBias(
  operation: string,
  mask: Mask | Tensor | undefined,
  bias: Tensor | undefined,
  cells: Cells,
  hasRoom = false,
): Tensor4D | undefined {
  const keyLength = hasRoom ? Math.max(cells.keyLength, bias?.shape.at(-1) ?? 0) : cells.keyLength;
  const explicit = bias === undefined ? undefined : cellTensor(operation, "bias", bias, "float32", { ...cells, keyLength });
  const additive = isMask(mask) ? mask.bias?.(cells) : undefined;
  return explicit && additive ? add(withinKeys(explicit, cells.keyLength), additive) : (explicit ?? additive);
}

/** The columns of a bias that belong to keys; the others are for later ones. */
export function withinKeys<Bias extends Tensor>(bias: Bias, keyLength: number): Bias {
  if (bias.shape.at(-1)! <= keyLength) return bias;
  return slice(
    bias,
    bias.shape.map(() => 0),
    [...bias.shape.slice(0, -1), keyLength],
  );
}

/** A bool mask as a 4-D tensor that broadcasts to the cells. The caller owns it. */
export function tensorMask(operation: string, mask: unknown, cells: Cells): Tensor4D {
  const isTensor = mask instanceof Tensor;
  if (isTensor && (mask.isDisposed || mask.dtype === "bool")) return cellTensor(operation, "mask", mask, "bool", cells);
  const advice = isTensor
    ? 'convert it with masks.fromTensor(mask, { kind: "keep" }) if 1 means "may attend", or with { kind: "additive" } if it is added to the scores'
    : "make one with @tfblocks/masks, for example masks.causal()";
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
  const advice = `reshape it to [${batch}, 1, ${queryLength}, ${keyLength}] if its first dimension is the batch, or to [1, ${heads}, ${queryLength}, ${keyLength}] if it is the heads`;
  return refuse(ShapeError, operation, argument, expected, `[${tensor.shape.join(", ")}]`, tensor.rank === 3 ? advice : undefined);
}
