import { checkInteger, checkNumber, type Defaults, withDefaults } from "@tfblocks/tensor-utils";

/** How a relative position bias assigns distances to buckets. */
export interface BucketSizes {
  /** Number of buckets, even if bidirectional; default 32. */
  readonly numBuckets?: number;
  /** All distances from here on are in the last bucket; default 128. */
  readonly maxDistance?: number;
  /** Whether later keys have separate buckets (an encoder) or the bucket of distance 0 (a decoder); default true. */
  readonly bidirectional?: boolean;
}

export const bucketDefaults: Defaults<BucketSizes> = { numBuckets: 32, maxDistance: 128, bidirectional: true };

/**
 * The bucket of a distance in T5's relative position bias. Each small distance has its own bucket; larger distances
 * have buckets of equal width on a logarithmic scale up to maxDistance. Raffel et al. 2020, section 2.1. The logarithm
 * is computed in float32, so that distances at the edges fall into the same buckets as in Hugging Face's T5.
 *
 * @param distance key position - query position, an integer
 * @returns 0 .. numBuckets - 1
 * @throws ValueError when a number is not an integer in its range, or a size is unknown
 */
export function relativePositionBucket(distance: number, sizes: BucketSizes = {}): number {
  const operation = "relativePositionBucket";
  checkInteger(operation, "distance", distance, Number.MIN_SAFE_INTEGER);
  const resolved = withDefaults(operation, sizes, bucketDefaults);
  checkBuckets(operation, resolved);
  return bucketOf(distance, resolved);
}

/** @throws ValueError when a number is out of range */
export function checkBuckets(operation: string, { numBuckets, maxDistance, bidirectional }: Required<BucketSizes>): void {
  const directions = bidirectional ? 2 : 1;
  const isRight = (count: number) => Number.isInteger(count) && count >= 2 * directions && count % directions === 0;
  checkNumber(operation, "numBuckets", bidirectional ? "an even integer >= 4" : "an integer >= 2", numBuckets, isRight);
  checkInteger(operation, "maxDistance", maxDistance, exactBuckets(numBuckets / directions) + 1);
}

/** {@link relativePositionBucket} for sizes with defaults, unchecked. */
export function bucketOf(distance: number, { numBuckets, maxDistance, bidirectional }: Required<BucketSizes>): number {
  if (!bidirectional) return bucketOfMagnitude(Math.max(-distance, 0), numBuckets, maxDistance);
  const perDirection = numBuckets / 2;
  return (distance > 0 ? perDirection : 0) + bucketOfMagnitude(Math.abs(distance), perDirection, maxDistance);
}

function bucketOfMagnitude(magnitude: number, buckets: number, maxDistance: number): number {
  const exact = exactBuckets(buckets);
  if (magnitude < exact) return magnitude;
  const f = Math.fround; // each step in float32, as in PyTorch
  const fraction = f(f(Math.log(f(magnitude / exact))) / f(Math.log(maxDistance / exact)));
  return Math.min(exact + Math.trunc(f(fraction * (buckets - exact))), buckets - 1);
}

function exactBuckets(buckets: number): number {
  return Math.floor(buckets / 2);
}
