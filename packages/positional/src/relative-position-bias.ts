import { reshape, type Tensor, type Tensor4D, type Variable } from "@tensorflow/tfjs-core";
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
import { activeRecorder, checkEachRun, type Live, liveTensor } from "@tfblocks/tensor-utils/steps";
import { distances, type PositionRange, rangeNames, resolveRange } from "./position-range.js";
import { bucketDefaults, bucketOf, type BucketSizes, checkBuckets } from "./relative-position-bucket.js";

const operation = "RelativePositionBias.apply";

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
export class RelativePositionBias extends Composite implements Block<[range: Live<PositionRange>], Tensor4D> {
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
   * @param range lengths and offsets of queries and keys: `{ queryLength, keyLength, queryOffset = 0, keyOffset = 0 }`; a function where
   *   they change from one repetition of a captured step to the next
   * @returns `[1, heads, queryLength, keyLength]`; while a step is captured, with further columns for later keys where the range is a function
   * @throws ValueError when a length or offset is not an integer >= 0, or a name is unknown
   * @throws AllocationError when the bias would not fit into memory
   * @throws DisposedError when the weight was disposed
   */
  apply(range: Live<PositionRange>): Tensor4D {
    const now = () => resolvedNow(range);
    const { queryLength, keyLength } = now();
    const columns = typeof range === "function" && activeRecorder() !== undefined ? roomFor(keyLength) : keyLength;
    const shape: [number, number, number, number] = [1, this.weight.shape[1]!, queryLength, columns];
    guardAllocation(operation, { bias: shape });
    return scope(() => {
      const rows = embedding(this.weight, this.#bucketsOfCells(now, [queryLength, columns])); // [queryLength, columns, heads]
      return reshape(permute(rows, [2, 0, 1]), shape);
    });
  }

  /** The bucket of each cell, int32 `[queryLength, columns]`. */
  #bucketsOfCells(now: () => PositionRange, [queryLength, columns]: readonly [number, number]): Tensor {
    checkEachRun(() => {
      if (now().keyLength > columns) throw new Error("the bias has no room");
    });
    const buckets = () => distances({ ...now(), keyLength: columns }, (distance) => bucketOf(distance, this.buckets));
    return liveTensor(() => Int32Array.from(buckets()), [queryLength, columns]);
  }

  parts(): Parts {
    return { weight: this.weight };
  }
}

/** A range with its defaults. @throws ValueError when a name is unknown, or a length or offset is not an integer >= 0 */
function resolvedNow(range: Live<PositionRange>): Required<PositionRange> & PositionRange {
  return resolveRange(operation, checkOptions(operation, typeof range === "function" ? range() : range, rangeNames, "size"));
}

/** Columns for these keys and later ones, the same for many lengths: a power of two from 256 on. */
function roomFor(keyLength: number): number {
  return 2 ** Math.max(8, Math.ceil(Math.log2(keyLength)));
}
