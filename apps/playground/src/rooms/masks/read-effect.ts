import { attentionMaps, patternMass } from "@tfblocks/analysis";
import type { Outcome } from "../../compute/outcome.js";
import type { HeadPlace } from "../../models/model-info.js";
import { openModel } from "../../models/open-models.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import type { WeightMap } from "../../reading/readings.js";
import { head, predictions } from "../../reading/worker-calls.js";
import type { MaskedReading, MaskEffect } from "./mask-effect.js";

/** Reads a model with its own mask and with another one, both with the other edits of the input. */
export async function readEffect(modelsUrl: string, input: ReadingInput, place: HeadPlace, mask: MaskSpec): Promise<Outcome<MaskEffect>> {
  const others = input.edits.filter(({ kind }) => kind !== "mask");
  const own = await readMasked(modelsUrl, { ...input, edits: others }, place);
  if (!own.ok) return own;
  const changed = await readMasked(modelsUrl, { ...input, edits: [...others, { kind: "mask", mask }] }, place);
  if (!changed.ok) return changed;
  const kept = keptAttention(own.result.head.map, changed.result.head.map);
  return { ok: true, result: { own: own.result, changed: changed.result, kept } };
}

async function readMasked(modelsUrl: string, input: ReadingInput, place: HeadPlace): Promise<Outcome<MaskedReading>> {
  const read = await head(modelsUrl, input, place);
  if (!read.ok) return read;
  const { info } = await openModel(input.model, modelsUrl);
  if (info.predicts === "nothing") return { ok: true, result: { head: read.result, predictions: null } };
  const predicted = await predictions(modelsUrl, input, { temperature: 1, topK: 3 });
  return predicted.ok ? { ok: true, result: { head: read.result, predictions: predicted.result } } : predicted;
}

/** The mean attention of a map to the cells that another map allows. A sink may take a part of each row. */
export function keptAttention({ rows, columns, values, allowed }: WeightMap, other: WeightMap): number | null {
  if (other.rows !== rows || other.columns !== columns) return null;
  const maps = attentionMaps(values, [1, 1, rows, columns], { mask: allowed, sink: true });
  return patternMass(maps, other.allowed, { minKeys: 1 }).perHead[0]!.score;
}
