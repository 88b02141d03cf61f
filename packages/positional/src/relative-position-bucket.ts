import { checkInteger, checkNumber, checkObject, checkUnknown } from "@tfblocks/tensor-utils";

/** How distances fall into the buckets of a relative position bias. */
export interface BucketOptions {
  /** How many buckets; default 32, even where bidirectional. */
  readonly numBuckets?: number;
  /** Distances from here on share the last bucket; default 128. */
  readonly maxDistance?: number;
  /** Whether keys ahead have buckets of their own (an encoder) or share that of distance 0 (a decoder); default true. */
  readonly bidirectional?: boolean;
}

/**
 * The bucket of a distance in T5's relative position bias: one for each small distance, then wider ones, evenly on a
 * logarithmic scale up to maxDistance. Raffel et al. 2020, section 2.1; the buckets of Hugging Face's T5, whose float32
 * logarithm decides at the edges.
 *
 * @param distance key position - query position, an integer
 * @returns 0 .. numBuckets - 1
 * @throws ValueError when a number is no integer in range, or an option is unknown
 */
export function relativePositionBucket(distance: number, options: BucketOptions = {}): number {
  const operation = "relativePositionBucket";
  checkInteger(operation, "distance", distance, Number.MIN_SAFE_INTEGER);
  return bucketOf(distance, resolveBuckets(operation, "options", options));
}

/** @throws ValueError when a number is out of range, or an option is unknown */
export function resolveBuckets(operation: string, argument: string, options: BucketOptions): Required<BucketOptions> {
  checkObject(operation, argument, options);
  const { numBuckets = 32, maxDistance = 128, bidirectional = true, ...unknown } = options;
  checkUnknown(operation, argument, unknown);
  const directions = bidirectional ? 2 : 1;
  const isRight = (count: number) => Number.isInteger(count) && count >= 2 * directions && count % directions === 0;
  checkNumber(operation, "numBuckets", bidirectional ? "an even integer >= 4" : "an integer >= 2", numBuckets, isRight);
  checkInteger(operation, "maxDistance", maxDistance, exactBuckets(numBuckets / directions) + 1);
  return { numBuckets, maxDistance, bidirectional };
}

/** {@link relativePositionBucket} of options that are resolved. */
export function bucketOf(distance: number, { numBuckets, maxDistance, bidirectional }: Required<BucketOptions>): number {
  if (!bidirectional) return bucketOfGap(Math.max(-distance, 0), numBuckets, maxDistance);
  const perDirection = numBuckets / 2;
  return (distance > 0 ? perDirection : 0) + bucketOfGap(Math.abs(distance), perDirection, maxDistance);
}

function bucketOfGap(gap: number, buckets: number, maxDistance: number): number {
  const exact = exactBuckets(buckets);
  if (gap < exact) return gap;
  const f = Math.fround; // every step in float32, as PyTorch takes it
  const share = f(f(Math.log(f(gap / exact))) / f(Math.log(maxDistance / exact)));
  return Math.min(exact + Math.trunc(f(share * (buckets - exact))), buckets - 1);
}

function exactBuckets(buckets: number): number {
  return Math.floor(buckets / 2);
}
