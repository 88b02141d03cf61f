import { memory } from "@tensorflow/tfjs-core";
import { mergeHeads } from "@tfblocks/attention";
import type { Mask } from "@tfblocks/masks";
import { allowedCells } from "../../compute/allowed-cells.js";
import { floats } from "../../compute/floats.js";
import { type AttentionCall, readAttention } from "../../models/attention-call.js";
import type { OpenModel } from "../../models/open-model.js";
import type { AttentionPicture } from "./picture.js";
import type { AttentionSettings } from "./settings.js";
import { type DrawnStage, drawnStages } from "./view.js";

/** The picture of one attention layer of a trained model. All tensors except those of the model are freed. */
export function modelPicture(
  opened: OpenModel,
  settings: AttentionSettings,
): { readonly picture: AttentionPicture; readonly mask: Mask | undefined } {
  const started = performance.now();
  const part = opened.info.parts.find((each) => each.part === settings.part) ?? opened.info.parts[0]!;
  const layer = Math.min(settings.layer, part.layers - 1);
  const text = { text: settings.text, answer: settings.keyText };
  const { mask, ...numbers } = readAttention(opened, part.part, layer, text, (call) => ({ ...readCall(call), mask: call.mask }));
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
  const { numHeads, numKvHeads } = attention;
  const queries = attention.projectQuery(query);
  const { key, value } = attention.project(context, context);
  const headDim = queries.shape[3];
  return {
    queryTokens,
    keyTokens,
    heads: numHeads,
    headDim,
    scale: attention.scale ?? 1 / Math.sqrt(headDim),
    stages: Object.fromEntries(drawnStages.map((stage) => [stage, floats(taps![stage]!)])) as Record<DrawnStage, Float32Array>,
    allowed: allowedCells(mask, queryTokens.length, keyTokens.length),
    queries: floats(mergeHeads(queries)),
    keys: repeated(floats(mergeHeads(key)), numKvHeads, numHeads, headDim),
    values: repeated(floats(mergeHeads(value)), numKvHeads, numHeads, headDim),
    outputShape: output.shape,
  };
}

/** Repeats each key-value head for every query head that shares it. */
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
