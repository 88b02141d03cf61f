import { mul, type Tensor4D, tensor4d, zeros } from "@tensorflow/tfjs-core";
import { checkInteger, checkOptions, guardAllocation, type OptionNames, scope } from "@tfblocks/tensor-utils";
import { distances, type PositionRange, rangeNames, resolveRange } from "./position-range.js";

/**
 * The slope of each head in ALiBi. When numHeads is a power of two, it is 2^(-8 h / numHeads) for h in 1 .. numHeads.
 * Otherwise the list consists of the slopes for the next smaller power n, followed by every other slope for 2 n. These
 * are the numbers of the code by Press, Smith and Lewis 2021.
 *
 * @returns `[numHeads]`
 * @throws ValueError when numHeads is not an integer >= 1
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

const optionNames: OptionNames<AlibiOptions> = { numHeads: true, ...rangeNames };

/**
 * Attention with linear biases (ALiBi): bias[head, query, key] = -slope(head) · |query - key|, which is added to the
 * scaled scores. Positions are absolute: the first query is at queryOffset, the first key at keyOffset. Under a causal
 * mask the bias is that of the paper. Press, Smith and Lewis 2021, https://arxiv.org/abs/2108.12409.
 *
 * @returns `[1, heads, queryLength, keyLength]`, without a gradient
 * @throws ValueError when a size is not an integer in its range, or an option is unknown
 * @throws AllocationError when the bias would not fit into memory
 */
export function alibiBias(options: AlibiOptions): Tensor4D {
  const operation = "alibiBias";
  const { numHeads, ...range } = checkOptions(operation, options, optionNames);
  checkInteger(operation, "numHeads", numHeads, 1);
  const resolved = resolveRange(operation, range);
  const { queryLength, keyLength } = resolved;
  const shape: [number, number, number, number] = [1, numHeads, queryLength, keyLength];
  guardAllocation(operation, { bias: shape });
  if (queryLength * keyLength === 0) return zeros(shape);
  return scope(() => {
    const slopes = tensor4d(alibiSlopes(numHeads), [1, numHeads, 1, 1]);
    const negatedDistances = tensor4d(
      distances(resolved, (distance) => -Math.abs(distance)),
      [1, 1, queryLength, keyLength],
    );
    return mul(slopes, negatedDistances) as Tensor4D;
  });
}
