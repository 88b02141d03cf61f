import { add, any, greater, isFinite, logicalNot, max, reshape, scalar, type Tensor, type Tensor4D, where } from "@tensorflow/tfjs-core";
import { matmul, own, readsWithoutStalling, scope, withGradient } from "@tfblocks/tensor-utils";

// In a matrix product 0 · NaN is NaN, so a forbidden NaN would reach every row, and one in a query that may attend to
// nothing the gradient of every key. When queries, keys or values are not all finite they are multiplied as 0, and NaN
// is put back exactly where an allowed cell used one.

/** Whether a tensor may hold a NaN or an infinity; where asking would stall a graphics processor, it may. */
export function mayHoldNonFinite(x: Tensor): boolean {
  if (x.size === 0) return false;
  if (!readsWithoutStalling()) return true;
  const found = scope(() => where(any(logicalNot(isFinite(x))), scalar(1), scalar(0)));
  const [flag] = found.dataSync();
  found.dispose();
  return flag === 1;
}

/** The tensor with 0 in place of NaN and infinities; no gradient passes there. */
export function finiteOnly(x: Tensor4D): Tensor4D {
  const keep = (values: Tensor, from: Tensor) => where(isFinite(from), values, scalar(0));
  return withGradient(
    [x],
    (values) => ({ value: keep(values, values), saved: [values] }),
    (gradient, values) => [keep(gradient, values!)],
  ) as Tensor4D;
}

/**
 * Makes the scores of queries and keys that hold a non-finite number NaN.
 *
 * @param scores `[batch, kvHeads, rows, keyLength]`
 * @param query `[batch, kvHeads, rows, headDim]`
 * @param key `[batch, kvHeads, keyLength, headDim]`
 */
export function poisonScores(scores: Tensor4D, query: Tensor4D, key: Tensor4D): Tensor4D {
  const [batch, kvHeads, keyLength] = key.shape;
  return poisonWhere(scores, () => {
    const [badRows, badKeys] = [max(nonFinite(query), -1, true), reshape(max(nonFinite(key), -1), [batch, kvHeads, 1, keyLength])];
    return greater(add(badRows, badKeys), 0);
  });
}

/**
 * Makes outputs NaN that an allowed non-finite value goes into.
 *
 * @param output `[batch, kvHeads, rows, valueDim]`
 * @param allowed `[batch, kvHeads, rows, keyLength]`, 1 where allowed, else 0
 * @param value `[batch, kvHeads, keyLength, valueDim]`
 */
export function poisonOutput(output: Tensor4D, allowed: Tensor4D, value: Tensor4D): Tensor4D {
  return poisonWhere(output, () => greater(matmul(allowed, nonFinite(value)), 0));
}

function poisonWhere(x: Tensor4D, condition: () => Tensor): Tensor4D {
  return withGradient(
    [x],
    (values) => ({ value: where(condition(), scalar(Number.NaN), values as Tensor), saved: [] }),
    (gradient) => [own(gradient)],
  ) as Tensor4D;
}

/** 1 where a number is NaN or infinite, else 0. */
function nonFinite(x: Tensor): Tensor {
  return where(isFinite(x), scalar(0), scalar(1));
}
