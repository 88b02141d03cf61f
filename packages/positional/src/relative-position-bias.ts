import { reshape, type Tensor4D, tensor2d, type Variable } from "@tensorflow/tfjs-core";
import {
  type Block,
  Composite,
  checkInteger,
  checkObject,
  checkUnknown,
  embedding,
  guardAllocation,
  type Initializer,
  normalInit,
  parameter,
  permute,
  Random,
  scope,
  type Parts,
} from "@tfblocks/tensor-utils";
import { distances, type PositionRange, resolveRange } from "./position-range.js";
import { bucketOf, type BucketOptions, resolveBuckets } from "./relative-position-bucket.js";

/** Sizes of a {@link RelativePositionBias}. */
export interface RelativePositionBiasConfig extends BucketOptions {
  readonly numHeads: number;
  /** Default `normalInit(0.02)`. */
  readonly init?: Initializer;
  /** Default `new Random(0)`. */
  readonly random?: Random;
}

/**
 * T5's relative position bias: bias[head, query, key] = weight[bucket(key - query), head], to be added to the scores.
 * Raffel et al. 2020, https://arxiv.org/abs/1910.10683. T5 scales no scores: there attention has scale 1.
 *
 * Parameter: `weight` `[numBuckets, numHeads]`, as Hugging Face's `relative_attention_bias.weight`.
 */
export class RelativePositionBias extends Composite implements Block<[range: PositionRange], Tensor4D> {
  readonly weight: Variable;
  readonly #buckets: Required<BucketOptions>;

  /** @throws ValueError when a size is out of range, or a name is unknown */
  constructor(config: RelativePositionBiasConfig) {
    super("RelativePositionBias");
    const operation = "RelativePositionBias";
    checkObject(operation, "config", config);
    const { numHeads, init = normalInit(0.02), random = new Random(0), ...buckets } = config;
    checkInteger(operation, "numHeads", numHeads, 1);
    this.#buckets = resolveBuckets(operation, "config", buckets);
    this.weight = parameter(() => init([this.#buckets.numBuckets, numHeads], random.split("weight")));
  }

  /**
   * @param range lengths and offsets of queries and keys: `{ queryLength, keyLength, queryOffset = 0, keyOffset = 0 }`
   * @returns `[1, heads, queryLength, keyLength]`
   * @throws ValueError when a length or offset is no integer >= 0, or a name is unknown
   * @throws AllocationError when it would not fit
   * @throws DisposedError when the weight was disposed
   */
  apply(range: PositionRange): Tensor4D {
    const operation = "RelativePositionBias.apply";
    const { queryLength, keyLength, queryOffset, keyOffset, ...unknown } = checkObject(operation, "range", range);
    checkUnknown(operation, "range", unknown);
    const resolved = resolveRange(operation, { queryLength, keyLength, queryOffset, keyOffset });
    const shape: [number, number, number, number] = [1, this.weight.shape[1]!, queryLength, keyLength];
    guardAllocation(operation, { bias: shape });
    return scope(() => {
      const cells = distances(resolved, (distance) => bucketOf(distance, this.#buckets));
      const rows = embedding(this.weight, tensor2d(cells, [queryLength, keyLength], "int32")); // [queryLength, keyLength, heads]
      return reshape(permute(rows, [2, 0, 1]), shape);
    });
  }

  parts(): Parts {
    return { weight: this.weight };
  }
}
