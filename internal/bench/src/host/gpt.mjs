import { integers, values } from "./inputs.mjs";

/**
 * The parameters of the two models, in one order for every contender (torch/gpt.py has the same lists): a matrix
 * `[outFeatures, inFeatures]` or table `[rows, dModel]` has variance 1 / its last dimension, a vector is all `fill`.
 */
export function trainParameters({ layers, dModel, hiddenDim, vocabSize, length }) {
  const norm = (name) => [vector(`${name}.weight`, dModel, 1), vector(`${name}.bias`, dModel, 0)];
  const affine = (name, outFeatures, inFeatures) => [
    matrix(`${name}.weight`, outFeatures, inFeatures),
    vector(`${name}.bias`, outFeatures, 0),
  ];
  const layer = (index) => [
    ...norm(`${index}.norm1`),
    ...affine(`${index}.qkv`, 3 * dModel, dModel),
    ...affine(`${index}.out`, dModel, dModel),
    ...norm(`${index}.norm2`),
    ...affine(`${index}.up`, hiddenDim, dModel),
    ...affine(`${index}.down`, dModel, hiddenDim),
  ];
  return [
    { ...matrix("tokens", vocabSize, dModel), isTable: true },
    { ...matrix("positions", length, dModel), isTable: true },
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    ...norm("norm"),
    matrix("head", vocabSize, dModel),
  ];
}

/** Linear layers alone: no norms, no embedding. */
export function decodeParameters({ layers, dModel, hiddenDim, vocabSize }) {
  const layer = (index) => [
    matrix(`${index}.qkv`, 3 * dModel, dModel),
    matrix(`${index}.out`, dModel, dModel),
    matrix(`${index}.up`, hiddenDim, dModel),
    matrix(`${index}.down`, dModel, hiddenDim),
  ];
  return [...Array.from({ length: layers }, (_, index) => layer(index)).flat(), matrix("head", vocabSize, dModel)];
}

export const matrix = (name, outFeatures, inFeatures) => ({ name, shape: [outFeatures, inFeatures], scale: 1 / Math.sqrt(inFeatures) });
export const vector = (name, features, fill) => ({ name, shape: [features], fill });

export function initialValues({ shape, scale, fill }, index) {
  const size = shape.reduce((total, length) => total * length, 1);
  return fill === undefined ? values(index + 10, size, scale) : new Float32Array(size).fill(fill);
}

/** Token ids `[batch, length]` and the ids to be predicted. */
export const trainTokens = ({ batch, length, vocabSize }) => ({
  ids: integers(5, batch * length, vocabSize),
  targets: integers(6, batch * length, vocabSize),
});

export const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
