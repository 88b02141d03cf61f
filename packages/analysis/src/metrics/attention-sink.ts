import { checkNumber, checkOptions, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../maps/attention-maps.js";
import { type HeadScore, type HeadScores, meanOf } from "../maps/row-scores.js";
import { firstTokenNames, type FirstTokenOptions, firstTokenScores } from "./token-mass.js";

/** Options of {@link attentionSink}. */
export interface SinkOptions extends FirstTokenOptions {
  /** A head whose criterion is above the threshold is a sink; default 0.3. */
  readonly threshold?: number;
  /** What to compare with the threshold: the lift or, as in the paper, the mass itself; default `"lift"`. */
  readonly criterion?: "lift" | "mass";
}

const optionNames: OptionNames<SinkOptions> = { ...firstTokenNames, threshold: true, criterion: true };

/** The first-token mass of a head, and whether the head is a sink; null when it has no usable row. */
export interface SinkScore extends HeadScore {
  readonly isSink: boolean | null;
}

/** The sinks of a layer. */
export interface AttentionSink extends HeadScores<SinkScore> {
  /** The fraction of heads that are sinks, among those with a usable row; null when no head has one. */
  readonly sinkRate: number | null;
}

/**
 * Attention sinks: heads whose {@link firstTokenMass} has a lift over uniform attention above the threshold.
 *
 * The paper compares the mass over all rows (`criterion: "mass", minKeys: 1`) with 0.3 at length 64. For sequences of
 * up to 9 tokens uniform causal attention passes that test, so the default is the lift. Report the length along with
 * the rate.
 *
 * Source: Gu et al. 2025, "When Attention Sink Emerges in Language Models".
 *
 * @throws ValueError when `threshold` is not from 0 to 1, `criterion` or an option is unknown, and whenever
 *   {@link firstTokenMass} throws it
 */
export function attentionSink(maps: AttentionMaps, options: SinkOptions = {}): AttentionSink {
  const { threshold = 0.3, criterion = "lift", ...others } = checkOptions("attentionSink", options, optionNames);
  checkSinkOptions(threshold, criterion);
  const scores = firstTokenScores("attentionSink", maps, others);
  const perHead = scores.perHead.map((head) => {
    const compared = criterion === "lift" ? head.lift : head.score;
    return { ...head, isSink: compared === null ? null : compared > threshold };
  });
  return { ...scores, perHead, sinkRate: meanOf(perHead.map(({ isSink }) => (isSink === null ? null : Number(isSink)))) };
}

function checkSinkOptions(threshold: number, criterion: string): void {
  const operation = "attentionSink";
  checkNumber(operation, "threshold", "a number from 0 to 1", threshold, (value) => value >= 0 && value <= 1);
  if (criterion !== "lift" && criterion !== "mass") {
    refuse(ValueError, operation, "criterion", `"lift" or "mass"`, describeValue(criterion));
  }
}
