import { memory, type Tensor } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention } from "@tfblocks/attention";
import type { Mask } from "@tfblocks/masks";
import { permute, scope } from "@tfblocks/tensor-utils";
import { reshape } from "@tensorflow/tfjs-core";
import { floats } from "../../compute/floats.js";
import { type AttentionCall, attentionCall } from "../../models/attention-call.js";
import type { OpenModel } from "../../models/open-model.js";
import { allowedCells } from "./allowed-cells.js";
import type { AttentionPicture } from "./picture.js";
import type { AttentionSettings } from "./settings.js";
import { type DrawnStage, drawnStages } from "./view.js";

/** The picture of one attention of a trained model; no tensor is left over but those of the model. */
export function modelPicture(
  opened: OpenModel,
  settings: AttentionSettings,
): { readonly picture: AttentionPicture; readonly mask: Mask | undefined } {
  const started = performance.now();
  const part = opened.info.parts.find((each) => each.part === settings.part) ?? opened.info.parts[0]!;
  const layer = Math.min(settings.layer, part.layers - 1);
  const read = scope(() => {
    const call = attentionCall(opened, part.part, layer, { text: settings.text, answer: settings.keyText });
    return { ...readCall(call), mask: call.mask };
  });
  const { mask, ...numbers } = read;
  const picture = {
    ...numbers,
    model: { name: opened.info.name, part: part.part, layer },
    milliseconds: performance.now() - started,
    liveTensors: memory().numTensors - opened.held,
  };
  return { picture, mask };
}

function readCall({
  attention,
  query,
  context,
  mask,
  bias,
  queryTokens,
  keyTokens,
}: AttentionCall): Omit<AttentionPicture, "milliseconds" | "liveTensors" | "model"> {
  const { output, taps } = attention.apply(query, context, context, { mask, bias, taps: { stages: drawnStages } });
  const { numHeads, numKvHeads, headDim, scale } = attention.config;
  const keys = turned(attention, attention.key.apply(context), numKvHeads, attention.keyNorm);
  return {
    queryTokens,
    keyTokens,
    heads: numHeads,
    headDim,
    scale,
    stages: Object.fromEntries(drawnStages.map((stage) => [stage, floats(taps![stage]!)])) as Record<DrawnStage, Float32Array>,
    allowed: allowedCells(mask, queryTokens.length, keyTokens.length),
    queries: turned(attention, attention.query.apply(query), numHeads, attention.queryNorm),
    keys: repeated(keys, numKvHeads, numHeads, headDim),
    values: repeated(floats(attention.value.apply(context)), numKvHeads, numHeads, headDim),
    outputShape: output.shape,
  };
}

/** Queries or keys as they meet: normed and turned where the attention does so; `[length, heads × headDim]`. */
function turned(
  { config: { rotary, headDim } }: MultiHeadAttention,
  x: Tensor,
  heads: number,
  norm: MultiHeadAttention["queryNorm"],
): Float32Array {
  const length = x.shape[1]!;
  const split = permute(reshape(x, [1, length, heads, headDim]), [0, 2, 1, 3]);
  const normed = norm?.apply(split) ?? split;
  return floats(permute(rotary?.apply(normed, { offset: 0 }) ?? normed, [0, 2, 1, 3]));
}

/** A key-value head for each query head that shares it. */
function repeated(vectors: Float32Array, kvHeads: number, heads: number, dim: number): Float32Array {
  if (kvHeads === heads) return vectors;
  const group = heads / kvHeads;
  const rows = vectors.length / (kvHeads * dim);
  const wide = new Float32Array(rows * heads * dim);
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < heads; head++) {
      const from = (row * kvHeads + Math.floor(head / group)) * dim;
      wide.set(vectors.subarray(from, from + dim), (row * heads + head) * dim);
    }
  }
  return wide;
}
