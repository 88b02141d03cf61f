import { checkNumber, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "./attention-maps.js";
import { type HeadScore, type HeadScores, meanOf } from "./row-scores.js";
import { firstTokenMass, type FirstTokenOptions } from "./token-mass.js";

/** Options of {@link attentionSink}. */
export interface SinkOptions extends FirstTokenOptions {
  /** A head above it is a sink; default 0.3. */
  readonly threshold?: number;
  /** What is compared with the threshold: the lift over uniform attention (default) or the bare mass, as in the paper. */
  readonly criterion?: "lift" | "mass";
}

/** First-token mass of a head, and whether that makes it a sink; null when it has no usable row. */
export interface SinkScore extends HeadScore {
  readonly isSink: boolean | null;
}

/** Sinks of a layer. */
export interface AttentionSink extends HeadScores<SinkScore> {
  /** Share of heads that are sinks, of those that can be judged; null when none can. */
  readonly sinkRate: number | null;
}

/**
 * Attention sinks: heads that rest on the first token, those whose {@link firstTokenMass} lifts over its null by more
 * than the threshold.
 *
 * The paper compares the bare mass of all rows (`criterion: "mass", minKeys: 1`) with 0.3 at length 64. At up to 9
 * tokens uniform causal attention passes that test, so the default compares the lift. Publish the length with the rate.
 *
 * Source: Gu et al. 2025, "When Attention Sink Emerges in Language Models".
 *
 * @throws ValueError when `threshold` is not from 0 to 1, `criterion` is unknown, or as {@link firstTokenMass}
 */
export function attentionSink(maps: AttentionMaps, options: SinkOptions = {}): AttentionSink {
  const { threshold = 0.3, criterion = "lift" } = options;
  checkSinkOptions(threshold, criterion);
  const perHead = firstTokenMass(maps, options).perHead.map((head) => {
    const compared = criterion === "lift" ? head.lift : head.score;
    return { ...head, isSink: compared === null ? null : compared > threshold };
  });
  return { perHead, sinkRate: meanOf(perHead.map(({ isSink }) => (isSink === null ? null : Number(isSink)))) };
}

function checkSinkOptions(threshold: number, criterion: string): void {
  const operation = "attentionSink";
  checkNumber(operation, "threshold", "a number from 0 to 1", threshold, (value) => value >= 0 && value <= 1);
  if (criterion !== "lift" && criterion !== "mass") {
    refuse(ValueError, operation, "criterion", `"lift" or "mass"`, describeValue(criterion));
  }
}
