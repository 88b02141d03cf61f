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

/** Everything the room draws of an encoding; no tensor is left over. */
export function computePositions(settings: PositionSettings): PositionPicture {
  const started = performance.now();
  const { relations, ...picture } = { sinusoids, rotary, alibi, t5 }[settings.encoding](settings);
  const milliseconds = performance.now() - started;
  return { ...picture, relations, length: settings.length, milliseconds, liveTensors: memory().numTensors };
}

interface Related {
  readonly relations: readonly Relation[];
}

function sinusoids({ length, width, theta }: PositionSettings): SinusoidPicture & Related {
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

function rotary(settings: PositionSettings): RotaryPicture & Related {
  const plain: RotaryConfig = { headDim: settings.width, theta: settings.theta, pairing: settings.pairing };
  const config = { ...plain, scaling: scalingOf(settings) };
  const turned = { name: "q · k / headDim", values: turnedProducts(config, settings) };
  const relations =
    config.scaling === undefined ? [turned] : [turned, { name: "without scaling", values: turnedProducts(plain, settings) }];
  const { frequencies } = inverseFrequencies(config, { length: settings.length });
  return { encoding: "rotary", ...turns(config, settings.length), frequencies, relations };
}

/** Where the vector (1, 0) of every pair points at each position. */
function turns(config: RotaryConfig, length: number): Pick<RotaryPicture, "cos" | "sin"> {
  const { headDim, pairing } = config;
  const pairs = headDim / 2;
  const [first, second] = pairing === "interleaved" ? [(pair: number) => 2 * pair, 1] : [(pair: number) => pair, pairs];
  const start = new Float32Array(length * headDim);
  for (let row = 0; row < length; row++) for (let pair = 0; pair < pairs; pair++) start[row * headDim + first(pair)] = 1;
  const turned = scope(() => floats(new RotaryEmbedding(config).apply(tensor4d(start, [1, 1, length, headDim]))));
  const read = (shift: number) =>
    Float32Array.from({ length: length * pairs }, (_, at) => turned[Math.floor(at / pairs) * headDim + first(at % pairs) + shift]!);
  return { cos: read(0), sin: read(second) };
}

/** q · k / headDim of a query and a key whose numbers are all 1, at every two positions. */
function turnedProducts(config: RotaryConfig, { length, width }: PositionSettings): Float32Array {
  return scope(() => products(new RotaryEmbedding(config).apply(ones([1, 1, length, width])), 1 / width));
}

function alibi({ length, heads }: PositionSettings): AlibiPicture & Related {
  return scope(() => {
    const bias = alibiBias({ numHeads: heads, queryLength: length, keyLength: length });
    return { encoding: "alibi", slopes: alibiSlopes(heads), relations: perHead(bias, heads) };
  });
}

function t5({ length, heads, buckets: numBuckets, maxDistance, bidirectional, seed }: PositionSettings): BucketPicture & Related {
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

/** `[..., length, width]` -> rows · rows, times a factor. */
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
