import * as tf from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { type Resources, resources } from "./flat-resources.js";
import { type TinyModel, tinySizes } from "./tiny-models.js";

const { vocabSize, length } = tinySizes;
const batch = 8;

/** What a training run gave: the loss of each step, and the resources in use after each. */
export interface TrainingRun {
  readonly losses: readonly number[];
  readonly resources: readonly Resources[];
}

/** Trains a model by Adam to go on with two alternating tokens, and disposes it. The same steps on every backend. */
export async function train(model: TinyModel, steps: number, learningRate = 0.01): Promise<TrainingRun> {
  const optimizer = tf.train.adam(learningRate);
  const [losses, used]: [number[], Resources[]] = [[], []];
  for (let step = 0; step < steps; step++) {
    const tokens = alternatingTokens(new Random(step));
    const loss = optimizer.minimize(() => nextTokenLoss(model, tokens), true, model.variables)!;
    losses.push((await loss.data())[0]!);
    loss.dispose();
    tokens.dispose();
    used.push(resources());
  }
  optimizer.dispose();
  model.dispose();
  return { losses, resources: used };
}

/** `[batch, length + 1]`: a b a b a b …, with two other tokens in each row. */
function alternatingTokens(random: Random): tf.Tensor2D {
  const values = Array.from({ length: batch }, () => {
    const first = Math.floor(random.uniform() * vocabSize);
    const second = (first + 1 + Math.floor(random.uniform() * (vocabSize - 1))) % vocabSize;
    return Array.from({ length: length + 1 }, (_, at) => (at % 2 === 0 ? first : second));
  });
  return tf.tensor2d(values, [batch, length + 1], "int32");
}

/** Cross-entropy of every token but the first two, which nothing tells. */
function nextTokenLoss(model: TinyModel, tokens: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const logits = tf.slice(model.logits(tf.slice(tokens, [0, 0], [batch, length])), [0, 1, 0], [batch, length - 1, vocabSize]);
    const targets = tf.oneHot(tf.slice(tokens, [0, 2], [batch, length - 1]), vocabSize);
    return tf.losses.softmaxCrossEntropy(targets, logits) as tf.Scalar;
  });
}
