import { allowedPairs } from "./masks.mjs";

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
      const { layers, dModel, hiddenDim, vocabSize, tokens } = spec;
      const products = 2 * tokens * layers * (4 * dModel * dModel + 2 * dModel * hiddenDim) + 2 * dModel * vocabSize;
      return products + layers * 2 * dModel * tokens * (tokens + 1);
    }
    case "report": // at the least, one pass
      return pass(spec, spec.layers);
    case "ablatedHeads": // the mean over layers of what comes after them
      return pass(spec, (spec.layers + 1) / 2);
    case "block":
      return spec.flops;
    default:
      return undefined;
  }
}

/** Products of so many layers, and logits of every token. */
function pass({ dModel, hiddenDim, vocabSize, tokens }, layers) {
  return 2 * tokens * (layers * (4 * dModel * dModel + 2 * dModel * hiddenDim) + dModel * vocabSize);
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
      const { layers, dModel, hiddenDim, vocabSize, cached } = spec;
      return 4 * (layers * (4 * dModel * dModel + 2 * dModel * hiddenDim + 2 * cached * dModel) + dModel * vocabSize);
    }
    case "decoderToken": {
      const { layers, dModel, heads, headDim, hiddenDim, vocabSize, cached, source } = spec;
      const inner = heads * headDim; // self-attention has four matrices, cross-attention two more, and keys and values of both
      const layer = 6 * dModel * inner + 2 * dModel * hiddenDim + 2 * (cached + source) * inner;
      return 4 * (layers * layer + dModel * vocabSize);
    }
    default:
      return undefined;
  }
}
