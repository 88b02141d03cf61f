import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor2D, Tensor3D, Variable } from "@tensorflow/tfjs-core";
import { multiHeadAttention } from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";
import { embedding, Linear, normalInit, parameter, Random, scope } from "@tfblocks/tensor-utils";

/** Sizes of the tiny models: small enough to train in seconds on any backend. */
export const tinySizes = { vocabSize: 12, length: 12, dModel: 32, numHeads: 4, hiddenDim: 64 } as const;

const { vocabSize, length, dModel, numHeads, hiddenDim } = tinySizes;

/** A model of language: logits of the next token after each token. */
export interface TinyModel {
  readonly variables: Variable[];
  /** From `[batch, length]` to `[batch, length, vocabSize]`. */
  logits(tokens: Tensor2D): Tensor3D;
  dispose(): void;
}

/** Embedding, causal attention, feed-forward: the blocks of tfblocks. */
export function tinyBlocks(): TinyModel {
  const random = new Random(7);
  const table = parameter(() => normalInit(0.5)([vocabSize, dModel], random.split("table")));
  const positions = parameter(() => normalInit(0.5)([length, dModel], random.split("positions")));
  const attention = multiHeadAttention({ dModel, numHeads, random: random.split("attention") });
  const up = new Linear({ inFeatures: dModel, outFeatures: hiddenDim, random: random.split("up") });
  const down = new Linear({ inFeatures: hiddenDim, outFeatures: dModel, random: random.split("down") });
  const head = new Linear({ inFeatures: dModel, outFeatures: vocabSize, random: random.split("head") });
  const blocks = [attention, up, down, head];
  return {
    variables: [table, positions, ...blocks.flatMap((block) => Object.values(block.parameters()))],
    logits: (tokens) =>
      scope(() => {
        const x = tf.add(embedding(table, tokens), positions);
        const attended = tf.add(x, attention.apply(x, x, x, { mask: masks.causal(), needWeights: false }).output);
        const fed = tf.add(attended, down.apply(tf.relu(up.apply(attended))));
        return head.apply(fed) as Tensor3D;
      }),
    dispose: () => [table, positions, ...blocks].forEach((each) => each.dispose()),
  };
}

/** The same in plain tfjs operations, as a user of tfjs writes them. */
export function tinyPlain(): TinyModel {
  const random = new Random(7);
  const matrix = (name: string, shape: number[]) => parameter(() => normalInit(0.2)(shape, random.split(name)));
  const [table, positions] = [matrix("table", [vocabSize, dModel]), matrix("positions", [length, dModel])];
  const [query, key, value, output] = ["query", "key", "value", "output"].map((name) => matrix(name, [dModel, dModel])) as Four;
  const [up, down, head] = [matrix("up", [dModel, hiddenDim]), matrix("down", [hiddenDim, dModel]), matrix("head", [dModel, vocabSize])];
  const variables = [table, positions, query, key, value, output, up, down, head];
  const attend = (x: Tensor) => {
    const heads = (weight: Tensor) =>
      tf.transpose(tf.reshape(tf.matMul(x, weight), [-1, length, numHeads, dModel / numHeads]), [0, 2, 1, 3]);
    const scores = tf.einsum("bhqd,bhkd->bhqk", heads(query), heads(key));
    const isPast = tf.lessEqual(tf.range(0, length), tf.expandDims(tf.range(0, length), 1));
    const weights = tf.softmax(tf.where(isPast, tf.div(scores, Math.sqrt(dModel / numHeads)), -1e9));
    const joined = tf.reshape(tf.transpose(tf.matMul(weights, heads(value)), [0, 2, 1, 3]), x.shape);
    return tf.matMul(joined, output);
  };
  return {
    variables,
    logits: (tokens) =>
      tf.tidy(() => {
        const x = tf.add(tf.gather(table, tokens), positions);
        const attended = layerNorm(tf.add(x, attend(layerNorm(x))));
        const hidden = tf.matMul(attended, up);
        const fed = tf.matMul(tf.where(tf.greater(hidden, 0), hidden, tf.mul(hidden, 0.1)), down);
        return tf.matMul(tf.add(attended, fed), head) as Tensor3D;
      }),
    dispose: () => tf.dispose(variables),
  };
}

type Four = [Variable, Variable, Variable, Variable];

function layerNorm(x: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
}
