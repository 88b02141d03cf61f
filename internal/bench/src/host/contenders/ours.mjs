import { values } from "../inputs.mjs";
import { ablatedHeads, report } from "./analysis.mjs";
import { packageOf, prepareBlock } from "./block.mjs";
import { decodeStep, trainStep } from "./models.mjs";
import { drawnToken } from "./drawn-token.mjs";
import { decoderTokenAfter, promptOf, replacedProjection, tokenAfter, zeroedHead } from "./language-model.mjs";
import { openedModel } from "./opened-model.mjs";
import { ourParts } from "./our-parts.mjs";
import { packedBatch, paddedBatch } from "./text-batch.mjs";
import { attentionInputs, firstOf } from "./tfjs.mjs";
import { size, timed } from "./timed.mjs";

/** The blocks of this repository on tfjs's WASM backend. */
export function ourContender({ tf, blocks, load }) {
  const use = () => void tf.setBackend("wasm");
  const tensor = (seed, shape, scale) => tf.tensor(values(seed, size(shape), scale), shape);
  const prepared = (inputs, compute) => timed(tf, use, inputs, compute);

  return {
    gemm({ m, n, k, batch = 1, transposeB = false }) {
      use();
      const leading = batch === 1 ? [] : [batch];
      const inputs = [tensor(1, [...leading, m, k]), tensor(2, [...leading, ...(transposeB ? [n, k] : [k, n])])];
      return prepared(inputs, (a, b) => blocks.matmul(a, b, { transposeB }));
    },

    attention(spec) {
      use();
      const options = { mask: maskOf(blocks.masks, spec), needWeights: spec.weights };
      return prepared(attentionInputs(tensor, spec), (q, k, v) => {
        const { output, weights } = blocks.scaledDotProductAttention(q, k, v, options);
        weights?.dispose();
        return output;
      });
    },

    attentionBackward(spec) {
      use();
      const mask = maskOf(blocks.masks, spec);
      const gradient = tf.grads((q, k, v) => blocks.scaledDotProductAttention(q, k, v, { mask }).output);
      const upstream = tensor(4, [spec.batch, spec.heads, spec.queries, spec.headDim]);
      return prepared([...attentionInputs(tensor, spec), upstream], (q, k, v, dy) => firstOf(tf, gradient([q, k, v], dy)));
    },

    elementwise({ op, rows, columns }) {
      use();
      return prepared([tensor(1, [rows, columns]), tensor(2, [columns]), tensor(3, [columns])], blocks[op]);
    },

    ...models({ tf, blocks, load, use }),
  };
}

function models({ tf, blocks, load, use }) {
  return {
    block: (spec) => prepareBlock({ tf, load, use, make: async ({ ours }) => ours(await load(packageOf(spec.file))) }, spec),
    trainStep: (spec) => trainStep(tf, use, ourParts(tf, blocks), spec),
    openedModel: (spec) => openedModel(tf, use, load, spec),
    modelPrompt: (spec) => promptOf(tf, use, blocks, spec),
    modelToken: (spec) => tokenAfter(tf, use, blocks, spec),
    decoderToken: (spec) => decoderTokenAfter(tf, use, blocks, spec),
    packedBatch: (spec) => packedBatch(tf, use, blocks, spec),
    paddedBatch: (spec) => paddedBatch(tf, use, blocks, spec),
    draw: (spec) => drawnToken(tf, use, blocks, spec),
    report: (spec) => report(tf, use, blocks, spec),
    ablatedHeads: (spec) => ablatedHeads(tf, use, blocks, spec),
    zeroedHead: (spec) => zeroedHead(tf, use, blocks, spec),
    replacedProjection: (spec) => replacedProjection(tf, use, blocks, spec),
    decode: (spec) => decodeStep(tf, use, ourParts(tf, blocks), spec),
  };
}

function maskOf(masks, { mask }) {
  if (mask === undefined) return undefined;
  if (mask.type === "causal") return masks.causal();
  if (mask.type === "window") return masks.lastN(mask.keys);
  return masks.and(masks.causal(), masks.packed(mask.lengths));
}
