/** How near positions are to each other, by one measure. */
export interface Relation {
  readonly name: string;
  /** `[length, length]`: a row is a query's position, a column a key's. */
  readonly values: Float32Array;
}

interface CommonPicture {
  readonly length: number;
  /** Dot products or biases, which the reader compares by distance. */
  readonly relations: readonly Relation[];
  readonly milliseconds: number;
  readonly liveTensors: number;
}

/** What is drawn of sinusoids. */
export interface SinusoidPicture {
  readonly encoding: "sinusoids";
  /** `[length, width]` */
  readonly values: Float32Array;
  readonly width: number;
}

/** What is drawn of a rotary embedding: where it turns (1, 0) in each pair. */
export interface RotaryPicture {
  readonly encoding: "rotary";
  /** `[length, pairs]` */
  readonly cos: Float32Array;
  /** `[length, pairs]` */
  readonly sin: Float32Array;
  /** `[pairs]`, in radians per position. */
  readonly frequencies: Float64Array;
}

/** What is drawn of ALiBi. */
export interface AlibiPicture {
  readonly encoding: "alibi";
  /** `[heads]` */
  readonly slopes: Float32Array;
}

/** What is drawn of T5's buckets. */
export interface BucketPicture {
  readonly encoding: "t5";
  /** `[2 length - 1]`: the bucket of each distance from 1 - length to length - 1. */
  readonly buckets: Int32Array;
  /** `[buckets, heads]`, freshly drawn. */
  readonly weight: Float32Array;
  readonly heads: number;
}

export type PositionPicture = CommonPicture & (SinusoidPicture | RotaryPicture | AlibiPicture | BucketPicture);
