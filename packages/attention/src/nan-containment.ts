import { add, any, greater, isFinite, logicalNot, max, reshape, scalar, type Tensor, type Tensor4D, where } from "@tensorflow/tfjs-core";
import { matmul, own, readsWithoutStalling, scope, withGradient } from "@tfblocks/tensor-utils";

// In a matrix product, 0 · NaN is NaN. A NaN in a forbidden key or value would therefore reach the output of every query,
// and a NaN in a query that may attend to nothing would reach the gradient of every key. If queries, keys or values contain
// NaN or infinities, the products are computed with 0 in their place, and NaN is restored exactly where an allowed cell
// used such a number.

/** Whether a tensor may contain NaN or infinities. Always true on a GPU, where reading the answer would stall the queue. */
export function mayBeNonFinite(x: Tensor): boolean {
  if (x.size === 0) return false;
  if (!readsWithoutStalling()) return true;
  const found = scope(() => where(any(logicalNot(isFinite(x))), scalar(1), scalar(0)));
  const [flag] = found.dataSync();
  found.dispose();
  return flag === 1;
}

/** Replaces NaN and infinities with 0; their gradient is 0. */
export function finiteOnly(x: Tensor4D): Tensor4D {
  const select = (from: Tensor, values: Tensor) => where(isFinite(values), from, scalar(0));
  return withGradient(
    [x],
    (values) => ({ value: select(values, values), saved: [values] }),
    (gradient, values) => [select(gradient, values!)],
  ) as Tensor4D;
}

/**
 * Sets the scores of queries and keys that contain a non-finite number to NaN.
 *
 * @param scores `[batch, kvHeads, rows, keyLength]`
 * @param query `[batch, kvHeads, rows, headDim]`
 * @param key `[batch, kvHeads, keyLength, headDim]`
 */
export function withNanScores(scores: Tensor4D, query: Tensor4D, key: Tensor4D): Tensor4D {
  const [batch, kvHeads, keyLength] = key.shape;
  return withNanWhere(scores, () => {
    const badRows = max(nonFinite(query), -1, true); // [batch, kvHeads, rows, 1]
    const badKeys = reshape(max(nonFinite(key), -1), [batch, kvHeads, 1, keyLength]);
    return greater(add(badRows, badKeys), 0); // [batch, kvHeads, rows, keyLength]
  });
}

/**
 * Sets outputs to NaN that depend on an allowed non-finite value.
 *
 * @param output `[batch, kvHeads, rows, valueDim]`
 * @param allowed `[batch, kvHeads, rows, keyLength]`, 1 where allowed, else 0
 * @param value `[batch, kvHeads, keyLength, valueDim]`
 */
export function withNanOutputs(output: Tensor4D, allowed: Tensor4D, value: Tensor4D): Tensor4D {
  return withNanWhere(output, () => greater(matmul(allowed, nonFinite(value)), 0));
}

function withNanWhere(x: Tensor4D, condition: () => Tensor): Tensor4D {
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
