import type { AblationReading } from "../../../reading/readings.js";

/** What follows from switching off a head, beside what other methods say of it, with its name and what it looks like. */
export interface HeadEffect extends AblationReading {
  /** For example "L0·H3". */
  readonly name: string;
  /** The labels of the head; undefined while they are not known. */
  readonly labels: readonly string[] | undefined;
}

/** The numbers of an effect, by which a table is sorted. */
export const effectColumns = ["change", "percentile", "predictedChange", "attribution"] as const;
export type EffectColumn = (typeof effectColumns)[number];

/** By what the effects are sorted: the order of the model, or a column with its largest number first or last. */
export interface EffectOrder {
  readonly by: "name" | EffectColumn;
  readonly isDescending: boolean;
}

/** The effects in an order; unknown numbers come last. */
export function sortEffects(effects: readonly HeadEffect[], { by, isDescending }: EffectOrder): readonly HeadEffect[] {
  if (by === "name") return isDescending ? effects.toReversed() : effects;
  const known = effects.filter((effect) => effect[by] !== null);
  const sorted = known.toSorted((a, b) => (isDescending ? b[by]! - a[by]! : a[by]! - b[by]!));
  return [...sorted, ...effects.filter((effect) => effect[by] === null)];
}

/** The order after a click on a column: the largest first, then the smallest; of names, as in the model first. */
export function nextOrder(order: EffectOrder, by: EffectOrder["by"]): EffectOrder {
  if (order.by === by) return { by, isDescending: !order.isDescending };
  return { by, isDescending: by !== "name" };
}

/** The head that the model needs most; undefined if none is known to help. */
export function mostNeeded(effects: readonly HeadEffect[]): HeadEffect | undefined {
  const [first] = sortEffects(effects, { by: "change", isDescending: true });
  return first !== undefined && (first.change ?? 0) > 0 ? first : undefined;
}
