/** One number for every pair of positions, for example a dot product or a bias. */
export interface Relation {
  readonly name: string;
  /** `[length, length]`: rows are query positions, columns are key positions. */
  readonly values: Float32Array;
}

interface CommonPicture {
  readonly length: number;
  readonly relations: readonly Relation[];
}

/** The picture of sinusoids. */
export interface SinusoidPicture {
  readonly encoding: "sinusoids";
  /** `[length, width]` */
  readonly values: Float32Array;
  readonly width: number;
}

/** The picture of a rotary embedding: the vector (1, 0) of each pair, rotated to each position. */
export interface RotaryPicture {
  readonly encoding: "rotary";
  /** `[length, pairs]` */
  readonly cos: Float32Array;
  /** `[length, pairs]` */
  readonly sin: Float32Array;
  /** `[pairs]`, in radians per position. */
  readonly frequencies: Float64Array;
  readonly scaling: string | null;
}

/** The picture of ALiBi. */
export interface AlibiPicture {
  readonly encoding: "alibi";
  /** `[heads]` */
  readonly slopes: Float32Array;
}

/** The picture of T5's relative position biases. */
export interface BucketPicture {
  readonly encoding: "t5";
  /** The bucket of each distance from 1 - length to length - 1, `[2 length - 1]`. */
  readonly buckets: Int32Array;
  /** The bias of each bucket, `[buckets, heads]`. */
  readonly weight: Float32Array;
  readonly heads: number;
}

/** The picture of learned positions: the first rows of the table. */
export interface LearnedPicture {
  readonly encoding: "learned";
  /** `[length, width]` */
  readonly values: Float32Array;
  readonly width: number;
}

/** An encoding of positions; `learned` is of models only. */
export type PositionNumbers = CommonPicture & (SinusoidPicture | RotaryPicture | AlibiPicture | BucketPicture | LearnedPicture);

/** The numbers of an encoding to play with, and what they cost. */
export type PositionPicture = PositionNumbers & { readonly milliseconds: number; readonly liveTensors: number };
