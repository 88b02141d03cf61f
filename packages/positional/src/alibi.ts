import { mul, type Tensor4D, tensor4d, zeros } from "@tensorflow/tfjs-core";
import { checkInteger, checkObject, checkUnknown, guardAllocation, scope } from "@tfblocks/tensor-utils";
import { distances, type PositionRange, resolveRange } from "./position-range.js";

/**
 * The slope of each head in ALiBi: 2^(-8 h / numHeads) for h in 1 .. numHeads where that is a power of two; else the
 * slopes of the next smaller power n, then every other one of 2 n. As the code of Press, Smith and Lewis 2021.
 *
 * @returns `[numHeads]`
 * @throws ValueError when numHeads is no integer >= 1
 */
export function alibiSlopes(numHeads: number): Float32Array {
  checkInteger("alibiSlopes", "numHeads", numHeads, 1);
  const power = 2 ** Math.floor(Math.log2(numHeads));
  const slope = (head: number) => (head < power ? 2 ** ((-8 * (head + 1)) / power) : 2 ** ((-4 * (2 * (head - power) + 1)) / power));
  return Float32Array.from({ length: numHeads }, (_, head) => slope(head));
}

/** Sizes of {@link alibiBias}. */
export interface AlibiOptions extends PositionRange {
  readonly numHeads: number;
}

/**
 * Attention with linear biases: bias[head, query, key] = -slope(head) · |query - key|, to be added to the scaled scores.
 * Positions are absolute: the first query stands at queryOffset, the first key at keyOffset. Under a causal mask it is
 * the paper's. Press, Smith and Lewis 2021, https://arxiv.org/abs/2108.12409.
 *
 * @returns `[1, heads, queryLength, keyLength]`, without a gradient
 * @throws ValueError when a size is no integer in range, or an option is unknown
 * @throws AllocationError when it would not fit
 */
export function alibiBias(options: AlibiOptions): Tensor4D {
  const operation = "alibiBias";
  const { numHeads, queryLength, keyLength, queryOffset, keyOffset, ...unknown } = checkObject(operation, "options", options);
  checkUnknown(operation, "options", unknown);
  checkInteger(operation, "numHeads", numHeads, 1);
  const range = resolveRange(operation, { queryLength, keyLength, queryOffset, keyOffset });
  const shape: [number, number, number, number] = [1, numHeads, queryLength, keyLength];
  guardAllocation(operation, { bias: shape });
  if (queryLength * keyLength === 0) return zeros(shape);
  return scope(() => {
    const slopes = tensor4d(alibiSlopes(numHeads), [1, numHeads, 1, 1]);
    const nearness = tensor4d(
      distances(range, (distance) => -Math.abs(distance)),
      [1, 1, queryLength, keyLength],
    );
    return mul(slopes, nearness) as Tensor4D;
  });
}
