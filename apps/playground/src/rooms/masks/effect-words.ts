import type { ModelInfo } from "../../models/model-info.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import type { PositionPrediction } from "../../reading/readings.js";
import { formatNumber } from "../../ui/format.js";
import type { MaskEffect } from "./mask-effect.js";

/** A change of the loss that counts, in nats. */
const noticeable = 0.01;

/** What a mask changed, in sentences. */
export function effectWords(effect: MaskEffect, mask: MaskSpec, info: Pick<ModelInfo, "shape">): string[] {
  if (isUnchanged(effect)) return ["On this text this is the model’s own mask, so nothing changes. Take a part of it away, or add one."];
  return [keptWords(effect.kept), ...lossWords(effect, mask, info), ...topWords(effect)];
}

/** Whether both masks give the chosen head the same pairs and the model the same predictions. */
function isUnchanged({ own, changed }: MaskEffect): boolean {
  const [before, after] = [own.head.map.allowed, changed.head.map.allowed];
  const isSameMap = before.length === after.length && before.every((allowed, cell) => allowed === after[cell]);
  return (
    isSameMap &&
    Math.abs((own.predictions?.meanLoss ?? 0) - (changed.predictions?.meanLoss ?? 0)) < 1e-5 &&
    changedCount({ own, changed }) === 0
  );
}

function keptWords(kept: number | null): string {
  if (kept === null) return "No query of this head may look at anything any more.";
  if (kept > 0.9995) return "The mask hides nothing that this head looked at.";
  return `The mask hides ${percent(1 - kept)} of what this head looked at; the rest of each row grows to sum to 1 again.`;
}

function lossWords({ own, changed }: MaskEffect, mask: MaskSpec, { shape }: Pick<ModelInfo, "shape">): string[] {
  const [before, after] = [own.predictions?.meanLoss ?? null, changed.predictions?.meanLoss ?? null];
  if (before === null || after === null) return [];
  const change = after - before;
  if (Math.abs(change) < noticeable) return [`The loss stays at ${formatNumber(before)}.`];
  const said = `The loss ${change > 0 ? "rises" : "falls"} from ${formatNumber(before)} to ${formatNumber(after)}.`;
  const seesFuture = shape === "decoder" && (!mask.causal || mask.prefix > 1);
  return [said, ...(seesFuture ? [change > 0 ? futureHurts : futureHelps] : change > 0 ? [needed] : [])];
}

const futureHurts =
  "Tokens now see what comes after them, even the token that they should predict. This model never saw a future in training and cannot use it: the extra keys only take attention away.";
const futureHelps =
  "That is cheating, not skill: tokens now see what comes after them, even the token that they should predict. When the model writes, there is no future to look at.";
const needed = "What the mask hides was needed here.";

function topWords(effect: MaskEffect): string[] {
  const before = effect.own.predictions?.positions ?? [];
  if (before.length === 0) return [];
  const count = changedCount(effect);
  if (count === 0) return ["The likeliest token stays the same at every position."];
  return [`The likeliest token changes at ${count} of ${before.length} positions.`];
}

/** At how many positions the likeliest token differs. */
function changedCount({ own, changed }: Pick<MaskEffect, "own" | "changed">): number {
  const after = changed.predictions?.positions ?? [];
  return (own.predictions?.positions ?? []).filter((position, at) => isOther(position, after[at])).length;
}

/** Whether the likeliest tokens of two predictions differ. */
export function isOther(before: PositionPrediction, after: PositionPrediction | undefined): boolean {
  return before.top[0]?.id !== after?.top[0]?.id;
}

function percent(share: number): string {
  return `${share < 0.0995 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;
}
