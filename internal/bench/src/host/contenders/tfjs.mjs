import { values } from "../inputs.mjs";
import { denseMask } from "../masks.mjs";
import { elementwise } from "./elementwise.mjs";
import { prepareBlock } from "./block.mjs";
import { size, timed } from "./timed.mjs";
import { decodeStep, trainStep } from "./models.mjs";
import { stockParts } from "./stock-parts.mjs";

/** The plain operations of tfjs, as its users write them, on the backend `backendName`. */
export function tfjsContender(tf, backendName, load) {
  const use = () => void tf.setBackend(backendName);
  const tensor = (seed, shape, scale) => tf.tensor(values(seed, size(shape), scale), shape);
  const prepared = (inputs, compute) => timed(tf, use, inputs, compute);

  return {
    gemm({ m, n, k, batch = 1, transposeB = false }) {
      use();
      const leading = batch === 1 ? [] : [batch];
      const inputs = [tensor(1, [...leading, m, k]), tensor(2, [...leading, ...(transposeB ? [n, k] : [k, n])])];
      return prepared(inputs, (a, b) => tf.matMul(a, b, false, transposeB));
    },

    attention(spec) {
      use();
      return prepared([...attentionInputs(tensor, spec), ...maskBias(tf, spec)], composition(tf, spec));
    },

    attentionBackward(spec) {
      use();
      const bias = maskBias(tf, spec);
      const attend = composition(tf, spec);
      const gradient = tf.grads((q, k, v) => attend(q, k, v, ...bias));
      const upstream = tensor(4, [spec.batch, spec.heads, spec.queries, spec.headDim]);
      const inputs = [...attentionInputs(tensor, spec), upstream];
      const result = prepared(inputs, (q, k, v, dy) => firstOf(tf, gradient([q, k, v], dy)));
      return { ...result, dispose: () => [result.dispose(), ...bias.map((each) => each.dispose())] };
    },

    elementwise({ op, rows, columns }) {
      use();
      const [x, weight, bias] = [tensor(1, [rows, columns]), tensor(2, [columns]), tensor(3, [columns])];
      return prepared([x, weight, bias], elementwise(tf)[op]);
    },

    block: (spec) => prepareBlock({ tf, load, use, make: ({ stock }) => stock(tf) }, spec),
    trainStep: (spec) => trainStep(tf, use, stockParts(tf), spec),
    decode: (spec) => decodeStep(tf, use, stockParts(tf), spec),
  };
}

/** query, key, value `[batch, heads, length, headDim]`. */
export function attentionInputs(tensor, { batch, heads, kvHeads, queries, keys, headDim }) {
  return [
    tensor(1, [batch, heads, queries, headDim]),
    tensor(2, [batch, kvHeads, keys, headDim]),
    tensor(3, [batch, kvHeads, keys, headDim]),
  ];
}

/** The first of the tensors; the others are freed. */
export function firstOf(tf, [first, ...others]) {
  tf.dispose(others);
  return first;
}

/** `[1, 1, queries, keys]`, 0 where allowed and -1e9 where not; nothing without a mask. */
function maskBias(tf, spec) {
  if (spec.mask === undefined) return [];
  return [tf.tensor(denseMask(spec, Float32Array, 0, -1e9), [1, 1, spec.queries, spec.keys])];
}

function composition(tf, { batch, heads, kvHeads, keys, headDim }) {
  const group = heads / kvHeads;
  const repeated = (x) =>
    tf.reshape(tf.tile(tf.reshape(x, [batch, kvHeads, 1, keys * headDim]), [1, 1, group, 1]), [batch, heads, keys, headDim]);
  const spread = group === 1 ? (x) => x : repeated;
  return (q, k, v, bias) =>
    tf.tidy(() => {
      const scores = tf.mul(tf.matMul(q, spread(k), false, true), 1 / Math.sqrt(headDim));
      return tf.matMul(tf.softmax(bias === undefined ? scores : tf.add(scores, bias)), spread(v));
    });
}
