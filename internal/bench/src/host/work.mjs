import { allowedPairs } from "./masks.mjs";

/** Bytes of a weight by its bits: with 8 and 4 of them, 64 weights share a scale, and with 4 an offset. */
const weightBytes = { 32: 4, 8: 1 + 4 / 64, 4: 0.5 + 8 / 64 };

/** Weights of the products of one layer. */
function layerWeights({ family, dModel, heads, kvHeads = heads, headDim = dModel / heads, hiddenDim }) {
  const isGated = family === "llama" || family === "qwen3";
  return 2 * dModel * headDim * (heads + kvHeads) + (isGated ? 3 : 2) * dModel * hiddenDim;
}

/** Multiplications and additions of one call; work that a mask makes unnecessary is not counted. */
export function flops(spec) {
  const pairs = () => spec.batch * spec.heads * allowedPairs(spec);
  switch (spec.kind) {
    case "gemm":
      return 2 * (spec.batch ?? 1) * spec.m * spec.n * spec.k;
    case "attention":
      return 4 * pairs() * spec.headDim;
    case "attentionBackward": // two products forward, five backward: the scores once more, then dV, dP, dQ, dK
      return 14 * pairs() * spec.headDim;
    case "trainStep": {
      const { layers, dModel, hiddenDim, vocabSize, batch, length } = spec;
      const weights = layers * (4 * dModel * dModel + 2 * dModel * hiddenDim) + dModel * vocabSize;
      const pairsOfLayer = (length * (length + 1)) / 2;
      return 6 * weights * batch * length + layers * 14 * batch * dModel * pairsOfLayer;
    }
    case "modelPrompt": {
      const { layers, dModel, heads, headDim = dModel / heads, vocabSize, tokens } = spec;
      const products = 2 * tokens * layers * layerWeights(spec) + 2 * dModel * vocabSize;
      return products + layers * 2 * heads * headDim * tokens * (tokens + 1);
    }
    case "packedBatch": {
      const { layers, dModel, tokens, lengths } = spec;
      const pairsOfLayer = lengths.reduce((total, length) => total + length * length, 0);
      return layers * (2 * tokens * layerWeights(spec) + 4 * dModel * pairsOfLayer);
    }
    case "report": // at the least, one pass
      return pass(spec, spec.layers);
    case "ablatedHeads": // of each, the layers from its own on
      return spec.layers * spec.heads * pass(spec, (spec.layers + 1) / 2);
    case "block":
      return spec.flops;
    default:
      return undefined;
  }
}

/** Products of so many layers, and logits of every token. */
function pass(spec, layers) {
  return 2 * spec.tokens * (layers * layerWeights(spec) + spec.dModel * spec.vocabSize);
}

/** Bytes that one call must at least read and write, where memory is what limits it. */
export function bytes(spec) {
  switch (spec.kind) {
    case "block":
      return spec.bytes;
    case "elementwise":
      return 2 * 4 * spec.rows * spec.columns;
    case "draw":
      return 4 * spec.vocabSize;
    case "decode":
    case "modelToken": {
      const { layers, dModel, heads, kvHeads = heads, headDim = dModel / heads, vocabSize, cached, bits = 32 } = spec;
      const weights = layers * layerWeights(spec) + dModel * vocabSize;
      return weightBytes[bits] * weights + 4 * layers * 2 * cached * kvHeads * headDim;
    }
    case "decoderToken": {
      const { layers, dModel, heads, headDim, hiddenDim, vocabSize, cached, source, bits = 32 } = spec;
      const inner = heads * headDim; // self-attention has four matrices, cross-attention two more, and keys and values of both
      const weights = layers * (6 * dModel * inner + 2 * dModel * hiddenDim) + dModel * vocabSize;
      return weightBytes[bits] * weights + 4 * layers * 2 * (cached + source) * inner;
    }
    default:
      return undefined;
  }
}
