import { denseMask } from "../masks.mjs";
import { elementwise } from "./elementwise.mjs";

/** A model's parts from tfjs's own operations; weights are kept as `[inFeatures, outFeatures]`, which its fast product wants. */
export function stockParts(tf) {
  const rows = (x) => tf.reshape(x, [-1, x.shape.at(-1)]);
  const columns = (data, shape) => tf.tidy(() => tf.transpose(tf.tensor(data, shape)));
  const linear = (x, weight, bias) => {
    const mapped = tf.reshape(tf.matMul(rows(x), weight), [...x.shape.slice(0, -1), weight.shape[1]]);
    return bias === undefined ? mapped : tf.add(mapped, bias);
  };
  const causalBias = causalBiases(tf);
  const { layerNorm, gelu } = elementwise(tf);
  return {
    layerNorm,
    gelu,
    weight: columns,
    linear,
    map(data, shape) {
      const weight = columns(data, shape);
      return { apply: (x) => linear(x, weight), dispose: () => weight.dispose() };
    },
    attend(q, k, v, { causal = false }) {
      const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(q.shape[3]));
      return tf.matMul(tf.softmax(causal ? tf.add(scores, causalBias.of(q.shape[2])) : scores), v);
    },
    /** By one-hot rows: the gradient of `gather` needs a kernel that the WASM backend lacks. */
    embed(table, ids) {
      const oneHot = tf.cast(tf.oneHot(tf.reshape(ids, [-1]), table.shape[0]), "float32");
      return tf.reshape(tf.matMul(oneHot, table), [...ids.shape, table.shape[1]]);
    },
    loss: crossEntropy(tf),
    optimizer: ({ learningRate, beta1, beta2, epsilon }) => tf.train.adam(learningRate, beta1, beta2, epsilon),
    cache: (key, value) => ({
      join: (k, v) => ({ key: tf.concat([key, k], 2), value: tf.concat([value, v], 2) }),
      dispose: () => tf.dispose([key, value]),
    }),
    dispose: () => causalBias.dispose(),
  };
}

/** The mean over `logits` `[..., vocabSize]` against int32 `targets` `[rows]`. */
export const crossEntropy = (tf) => (logits, targets) => {
  const vocabSize = logits.shape.at(-1);
  return tf.losses.softmaxCrossEntropy(tf.cast(tf.oneHot(targets, vocabSize), "float32"), tf.reshape(logits, [-1, vocabSize]));
};

/** `[1, 1, length, length]` of 0 and -1e9, one for each length. */
function causalBiases(tf) {
  const made = new Map();
  const make = (length) => {
    const spec = { mask: { type: "causal" }, queries: length, keys: length };
    return tf.keep(tf.tensor(denseMask(spec, Float32Array, 0, -1e9), [1, 1, length, length]));
  };
  return {
    of(length) {
      if (!made.has(length)) made.set(length, make(length));
      return made.get(length);
    },
    dispose: () => tf.dispose([...made.values()]),
  };
}
