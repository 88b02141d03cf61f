import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { HeadImportance } from "../importance/head-importance.js";
import type { ScoresByMetric } from "../labels/head-scores.js";
import { meanOf } from "../maps/row-scores.js";
import type { HeadName } from "../models/attention-places.js";
import type { LogitAttribution } from "../stream/attribute-logits.js";

/** What other methods say about the heads. */
export interface BesideOptions {
  /** The result of `headImportance`: the change of the loss that the gradient predicts; default none. */
  readonly importance?: HeadImportance;
  /** The result of `attributeLogits`: what a head adds to a logit, mean over all results; default none. */
  readonly attributions?: readonly LogitAttribution[];
  /** The metrics of each attention by its name, for example of `headScores`; default none. */
  readonly scores?: Readonly<Record<string, ScoresByMetric>>;
}

/** What other methods say about one head. */
export interface BesideAblation {
  /** −∂L/∂ξ of `importance`: an estimate of `change`. Null without it. */
  readonly predictedChange: number | null;
  /** What the head adds to the logit directly, mean over `attributions`. Null without them. */
  readonly attribution: number | null;
  /** The scores of the head, by metric; empty without `scores`. */
  readonly scores: Readonly<Record<string, number | null>>;
}

/** @throws ValueError when the scores are not results of metrics, or have no such head */
export function besideAblation(operation: string, { attention, head }: HeadName, options: BesideOptions): BesideAblation {
  const { importance, attributions = [], scores = {} } = options;
  const predicted = importance?.perHead.find((each) => each.attention === attention && each.head === head);
  const values = attributions.map(
    ({ components }) => components.find((each) => each.kind === "head" && each.part === attention && each.head === head)?.value ?? null,
  );
  const metrics = Object.hasOwn(scores, attention) ? Object.entries(scores[attention]!) : [];
  return {
    predictedChange: predicted?.predictedChange ?? null,
    attribution: meanOf(values),
    scores: Object.fromEntries(metrics.map(([metric, result]) => [metric, scoreOf(operation, `${attention}.${metric}`, result, head)])),
  };
}

function scoreOf(operation: string, place: string, result: ScoresByMetric[string], head: number): number | null {
  const found = Array.isArray(result?.perHead) ? result.perHead[head] : undefined;
  return found === undefined
    ? refuse(ValueError, operation, `scores["${place}"]`, `results with head ${head}`, describeValue(result))
    : found.score;
}
