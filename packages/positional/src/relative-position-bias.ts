import { reshape, type Tensor4D, tensor2d, type Variable } from "@tensorflow/tfjs-core";
import {
  type Block,
  Composite,
  checkOptions,
  type Defaults,
  derived,
  embedding,
  guardAllocation,
  type Initializer,
  normalInit,
  parameter,
  permute,
  Random,
  scope,
  size,
  type Parts,
  withDefaults,
} from "@tfblocks/tensor-utils";
import { distances, type PositionRange, rangeNames, resolveRange } from "./position-range.js";
import { bucketDefaults, bucketOf, type BucketSizes, checkBuckets } from "./relative-position-bucket.js";

/** Sizes of a {@link RelativePositionBias}. */
export interface RelativePositionBiasSizes extends BucketSizes {
  readonly numHeads: number;
  /** Default `normalInit(0.02)`. */
  readonly init?: Initializer;
  /** Default `new Random(0)`. */
  readonly random?: Random;
}

const defaults: Defaults<RelativePositionBiasSizes> = {
  numHeads: size,
  ...bucketDefaults,
  init: normalInit(0.02),
  random: derived(() => new Random(0)),
};

/**
 * T5's relative position bias: bias[head, query, key] = weight[bucket(key - query), head], which is added to the
 * scores. Raffel et al. 2020, https://arxiv.org/abs/1910.10683. T5 does not scale its scores: use it with an attention
 * scale of 1.
 *
 * Parameter: `weight` `[numBuckets, numHeads]`, as in Hugging Face's `relative_attention_bias.weight`.
 */
export class RelativePositionBias extends Composite implements Block<[range: PositionRange], Tensor4D> {
  readonly weight: Variable;
  /** How distances are assigned to buckets, with the defaults written out. */
  readonly buckets: Required<BucketSizes>;

  /** @throws ValueError when a size is out of range or unknown */
  constructor(sizes: RelativePositionBiasSizes) {
    super("RelativePositionBias");
    const { numHeads, init, random, ...buckets } = withDefaults("RelativePositionBias", sizes, defaults);
    checkBuckets("RelativePositionBias", buckets);
    this.buckets = buckets;
    this.weight = parameter(() => init([this.buckets.numBuckets, numHeads], random.split("weight")));
  }

  /**
   * @param range lengths and offsets of queries and keys: `{ queryLength, keyLength, queryOffset = 0, keyOffset = 0 }`
   * @returns `[1, heads, queryLength, keyLength]`
   * @throws ValueError when a length or offset is not an integer >= 0, or a name is unknown
   * @throws AllocationError when the bias would not fit into memory
   * @throws DisposedError when the weight was disposed
   */
  apply(range: PositionRange): Tensor4D {
    const operation = "RelativePositionBias.apply";
    const resolved = resolveRange(operation, checkOptions(operation, range, rangeNames, "size"));
    const { queryLength, keyLength } = resolved;
    const shape: [number, number, number, number] = [1, this.weight.shape[1]!, queryLength, keyLength];
    guardAllocation(operation, { bias: shape });
    return scope(() => {
      const cells = distances(resolved, (distance) => bucketOf(distance, this.buckets));
      const rows = embedding(this.weight, tensor2d(cells, [queryLength, keyLength], "int32")); // [queryLength, keyLength, heads]
      return reshape(permute(rows, [2, 0, 1]), shape);
    });
  }

  parts(): Parts {
    return { weight: this.weight };
  }
}
