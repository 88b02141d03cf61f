import { memory, mul, ones, slice, type Tensor, tensor4d } from "@tensorflow/tfjs-core";
import {
  alibiBias,
  alibiSlopes,
  inverseFrequencies,
  RelativePositionBias,
  relativePositionBucket,
  RotaryEmbedding,
  type RotaryConfig,
  sinusoidal,
} from "@tfblocks/positional";
import { matmul, normalInit, Random, scope } from "@tfblocks/tensor-utils";
import { floats } from "../../../compute/floats.js";
import type { AlibiPicture, BucketPicture, PositionPicture, Relation, RotaryPicture, SinusoidPicture } from "./picture.js";
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

function rotary(settings: PositionSettings): RotaryPicture & WithRelations {
  const plain: RotaryConfig = { headDim: settings.width, theta: settings.theta, pairing: settings.pairing };
  const config = { ...plain, scaling: scalingOf(settings) };
  const rotated = { name: "q · k / headDim", values: rotatedProducts(config, settings) };
  const relations =
    config.scaling === undefined ? [rotated] : [rotated, { name: "without scaling", values: rotatedProducts(plain, settings) }];
  const { frequencies } = inverseFrequencies(config, { length: settings.length });
  return { encoding: "rotary", ...rotations(config, settings.length), frequencies, relations };
}

/** The vector (1, 0) of every pair, rotated to each position. */
function rotations(config: RotaryConfig, length: number): Pick<RotaryPicture, "cos" | "sin"> {
  const { headDim, pairing } = config;
  const pairs = headDim / 2;
  const [first, second] = pairing === "interleaved" ? [(pair: number) => 2 * pair, 1] : [(pair: number) => pair, pairs];
  const start = new Float32Array(length * headDim);
  for (let row = 0; row < length; row++) for (let pair = 0; pair < pairs; pair++) start[row * headDim + first(pair)] = 1;
  const rotated = scope(() => floats(new RotaryEmbedding(config).apply(tensor4d(start, [1, 1, length, headDim]))));
  const read = (shift: number) =>
    Float32Array.from({ length: length * pairs }, (_, at) => rotated[Math.floor(at / pairs) * headDim + first(at % pairs) + shift]!);
  return { cos: read(0), sin: read(second) };
}

/** q · k / headDim for a query and a key whose numbers are all 1, at every pair of positions. */
function rotatedProducts(config: RotaryConfig, { length, width }: PositionSettings): Float32Array {
  return scope(() => products(new RotaryEmbedding(config).apply(ones([1, 1, length, width])), 1 / width));
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
    return scope(() => ({
      encoding: "t5",
      buckets: Int32Array.from({ length: 2 * length - 1 }, (_, at) => relativePositionBucket(at - (length - 1), sizes)),
      weight: floats(bias.weight),
      heads,
      relations: perHead(bias.apply({ queryLength: length, keyLength: length }), heads),
    }));
  } finally {
    bias.dispose();
  }
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
