import { formatNumber } from "../../../ui/format.js";
import { formatSigned } from "../../../ui/format-signed.js";

/** What switching off random heads does to the loss: the null of switching off as many chosen ones. */
export interface RandomHeads {
  /** How many heads are switched off. */
  readonly heads: number;
  readonly drawnFrom: "the same attentions" | "the whole model";
  /** Whether these are all the sets that there are. */
  readonly isAll: boolean;
  /** The changes of the mean loss, in nats; null if there are too few other heads. */
  readonly changes: { readonly mean: number; readonly standardDeviation: number; readonly draws: number } | null;
}

/** What the chosen heads are compared with, in a sentence. */
export function randomHeadsWords({ heads, drawnFrom, isAll, changes }: RandomHeads): string {
  const others = heads === 1 ? "1 other head" : `${heads} other heads`;
  if (changes === null) return `There is nothing to compare with: the model does not have ${others}.`;
  const change = formatSigned(changes.mean);
  if (changes.draws === 1) return `For comparison: switching off the only ${others} of the model changes the mean loss by ${change}.`;
  const place = drawnFrom === "the whole model" ? "the model" : heads === 1 ? "the same layer" : "the same layers";
  const count = isAll ? `all ${changes.draws} such sets` : `${changes.draws} draws`;
  return `For comparison: switching off ${others} of ${place}, drawn at random, changes the mean loss by ${change} ± ${formatNumber(changes.standardDeviation)} (mean ± standard deviation, ${count}).`;
}
