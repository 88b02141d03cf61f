import { memory } from "@tensorflow/tfjs-core";
import { type MultiHeadAttention, multiHeadAttention } from "@tfblocks/attention";
import { embedTokens } from "@tfblocks/lesson";
import type { Mask } from "@tfblocks/masks";
import { Random, scope } from "@tfblocks/tensor-utils";
import { allowedCells } from "../../compute/allowed-cells.js";
import { floats } from "../../compute/floats.js";
import type { AttentionPicture } from "./picture.js";
import type { AttentionSettings } from "./settings.js";
import { type DrawnStage, drawnStages } from "./view.js";

/** The tokens of the queries and of the keys, including padding. */
export interface TokenPair {
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
}

/** Runs multi-head attention with random weights and reads every number that the room shows. All tensors are freed. */
export function computePicture(settings: AttentionSettings, tokens: TokenPair, mask: Mask | undefined): AttentionPicture {
  const started = performance.now();
  const attention = multiHeadAttention({ dModel: settings.dModel, numHeads: settings.heads, random: new Random(settings.seed) });
  try {
    const numbers = scope(() => attend(attention, settings, tokens, mask));
    const headDim = attention.query.outFeatures / settings.heads;
    attention.dispose();
    return {
      ...tokens,
      ...numbers,
      heads: settings.heads,
      headDim,
      scale: 1 / Math.sqrt(headDim),
      model: undefined,
      milliseconds: performance.now() - started,
      liveTensors: memory().numTensors,
    };
  } finally {
    attention.dispose();
  }
}

function attend(
  attention: MultiHeadAttention,
  settings: AttentionSettings,
  { queryTokens, keyTokens }: TokenPair,
  mask: Mask | undefined,
): Pick<AttentionPicture, "stages" | "allowed" | "queries" | "keys" | "values" | "outputShape"> {
  const embedding = { dModel: settings.dModel, seed: settings.seed };
  const query = embedTokens(queryTokens, embedding);
  const context = embedTokens(keyTokens, embedding);
  const { output, taps } = attention.apply(query, context, context, { mask, taps: { stages: drawnStages } });
  const stages = Object.fromEntries(drawnStages.map((stage) => [stage, floats(taps![stage]!)])) as Record<DrawnStage, Float32Array>;
  return {
    stages,
    allowed: allowedCells(mask, queryTokens.length, keyTokens.length),
    queries: floats(attention.query.apply(query)),
    keys: floats(attention.key.apply(context)),
    values: floats(attention.value.apply(context)),
    outputShape: output.shape,
  };
}
