import { divNoNan, memory, mul, norm, ones, slice, type Tensor, tensor4d } from "@tensorflow/tfjs-core";
import {
  alibiBias,
  alibiSlopes,
  inverseFrequencies,
  type LearnedPositions,
  RelativePositionBias,
  relativePositionBucket,
  RotaryEmbedding,
  type RotaryConfig,
  sinusoidal,
} from "@tfblocks/positional";
import { matmul, normalInit, Random, scope } from "@tfblocks/tensor-utils";
import { floats } from "../../../compute/floats.js";
import type { AlibiPicture, BucketPicture, LearnedPicture, PositionPicture, Relation, RotaryPicture, SinusoidPicture } from "./picture.js";
import { type PositionSettings, scalingOf } from "./settings.js";

/** Computes the picture of a positional encoding. All tensors are freed. */
export function computePositions(settings: PositionSettings): PositionPicture {
  const started = performance.now();
  const { relations, ...picture } = { sinusoids, rotary, alibi, t5 }[settings.encoding](settings);
  const milliseconds = performance.now() - started;
  return { ...picture, relations, length: settings.length, milliseconds, liveTensors: memory().numTensors };
}

interface WithRelations {
  readonly relations: readonly Relation[];
}

function sinusoids({ length, width, theta }: PositionSettings): SinusoidPicture & WithRelations {
  return scope(() => {
    const rows = sinusoidal({ length, dModel: width, base: theta });
    return {
      encoding: "sinusoids",
      values: floats(rows),
      width,
      relations: [{ name: "dot product / (dModel / 2)", values: products(rows, 2 / width) }],
    };
  });
}

function rotary({ width, theta, pairing, ...settings }: PositionSettings): RotaryPicture & WithRelations {
  return rotaryNumbers({ headDim: width, theta, pairing, scaling: scalingOf(settings) }, settings.length);
}

/** The rotations of an embedding up to a length, and the products that follow; without the scaling too, if there is one. */
export function rotaryNumbers(config: RotaryConfig, length: number): RotaryPicture & WithRelations {
  const rotated = { name: "q · k / headDim", values: rotatedProducts(config, length) };
  const plain = { ...config, scaling: undefined };
  const relations =
    config.scaling === undefined ? [rotated] : [rotated, { name: "without scaling", values: rotatedProducts(plain, length) }];
  const { frequencies } = inverseFrequencies(config, { length });
  const scaling = config.scaling?.type ?? null;
  return { encoding: "rotary", ...rotations(config, length), frequencies, scaling, relations };
}

/** The vector (1, 0) of every pair, rotated to each position. */
function rotations({ rotaryDim, ...config }: RotaryConfig, length: number): Pick<RotaryPicture, "cos" | "sin"> {
  const { headDim, pairing } = config;
  const pairs = (rotaryDim ?? headDim) / 2;
  const [first, second] = pairing === "interleaved" ? [(pair: number) => 2 * pair, 1] : [(pair: number) => pair, pairs];
  const start = new Float32Array(length * headDim);
  for (let row = 0; row < length; row++) for (let pair = 0; pair < pairs; pair++) start[row * headDim + first(pair)] = 1;
  const embedding = new RotaryEmbedding({ ...config, rotaryDim: 2 * pairs });
  const rotated = scope(() => floats(embedding.apply(tensor4d(start, [1, 1, length, headDim]))));
  const read = (shift: number) =>
    Float32Array.from({ length: length * pairs }, (_, at) => rotated[Math.floor(at / pairs) * headDim + first(at % pairs) + shift]!);
  return { cos: read(0), sin: read(second) };
}

/** q · k / headDim for a query and a key whose numbers are all 1, at every pair of positions. */
function rotatedProducts(config: RotaryConfig, length: number): Float32Array {
  return scope(() => products(new RotaryEmbedding(config).apply(ones([1, 1, length, config.headDim])), 1 / config.headDim));
}

function alibi({ length, heads }: PositionSettings): AlibiPicture & WithRelations {
  return scope(() => {
    const bias = alibiBias({ numHeads: heads, queryLength: length, keyLength: length });
    return { encoding: "alibi", slopes: alibiSlopes(heads), relations: perHead(bias, heads) };
  });
}

function t5({ length, heads, buckets: numBuckets, maxDistance, bidirectional, seed }: PositionSettings): BucketPicture & WithRelations {
  const sizes = { numBuckets, maxDistance, bidirectional };
  const bias = new RelativePositionBias({ ...sizes, numHeads: heads, init: normalInit(1), random: new Random(seed) });
  try {
    return bucketNumbers(bias, length);
  } finally {
    bias.dispose();
  }
}

/** The buckets of a relative bias and what each head adds to the scores, up to a length. */
export function bucketNumbers(bias: RelativePositionBias, length: number): BucketPicture & WithRelations {
  const heads = bias.weight.shape[1]!;
  return scope(() => ({
    encoding: "t5",
    buckets: Int32Array.from({ length: 2 * length - 1 }, (_, at) => relativePositionBucket(at - (length - 1), bias.buckets)),
    weight: floats(bias.weight),
    heads,
    relations: perHead(bias.apply({ queryLength: length, keyLength: length }), heads),
  }));
}

/** The first rows of a table of positions, and how alike they are. */
export function learnedNumbers({ weight, offset }: LearnedPositions, length: number): LearnedPicture & WithRelations {
  const width = weight.shape[1]!;
  return scope(() => {
    const rows = slice(weight, [offset, 0], [length, width]);
    const unit = divNoNan(rows, norm(rows, "euclidean", 1, true));
    return { encoding: "learned", values: floats(rows), width, relations: [{ name: "cosine similarity", values: products(unit, 1) }] };
  });
}

/** The dot products of all rows of `[..., length, width]`, times a factor. */
function products(rows: Tensor, factor: number): Float32Array {
  return floats(mul(matmul(rows, rows, { transposeB: true }), factor));
}

function perHead(bias: Tensor, heads: number): Relation[] {
  const [, , rows, columns] = bias.shape as [number, number, number, number];
  return Array.from({ length: heads }, (_, head) => ({
    name: `head ${head}`,
    values: floats(slice(bias, [0, head, 0, 0], [1, 1, rows, columns])),
  }));
}
