import type { LikelyToken, PositionPrediction, PredictionsReading } from "../../../reading/readings.js";

/** What changes of the prediction at one position. */
export interface PositionChange {
  readonly position: number;
  /** The likeliest token before and after. */
  readonly before: LikelyToken | undefined;
  readonly after: LikelyToken | undefined;
  readonly isOther: boolean;
  /** The token that follows, with its probability before and after; null without one. */
  readonly actual: { readonly text: string; readonly before: number; readonly after: number; readonly lossChange: number } | null;
}

/** The predictions of each position before and after. */
export function positionChanges(before: PredictionsReading, after: PredictionsReading): PositionChange[] {
  return before.positions.flatMap((first, position) => {
    const second = after.positions[position];
    return second === undefined ? [] : [changeAt(position, first, second)];
  });
}

function changeAt(position: number, first: PositionPrediction, second: PositionPrediction): PositionChange {
  const [before, after] = [first.top[0], second.top[0]];
  return { position, before, after, isOther: before?.id !== after?.id, actual: actualOf(first, second) };
}

function actualOf({ actual: first }: PositionPrediction, { actual: second }: PositionPrediction): PositionChange["actual"] {
  if (first === null || second === null) return null;
  return { text: first.text, before: first.probability, after: second.probability, lossChange: second.loss - first.loss };
}

/** The changes in the order of the size of their change of the loss; those without a loss come last. */
export function byLossChange(changes: readonly PositionChange[]): readonly PositionChange[] {
  const sizeOf = ({ actual }: PositionChange): number => (actual === null ? -1 : Math.abs(actual.lossChange));
  return changes.toSorted((a, b) => sizeOf(b) - sizeOf(a));
}

/** The position whose likeliest token is another and whose loss rises most; undefined if none is another. */
export function mostChanged(changes: readonly PositionChange[]): PositionChange | undefined {
  const others = changes.filter(({ isOther }) => isOther);
  return others.toSorted((a, b) => (b.actual?.lossChange ?? 0) - (a.actual?.lossChange ?? 0))[0];
}
