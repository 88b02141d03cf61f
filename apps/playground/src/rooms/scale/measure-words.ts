import type { MeasureName } from "./scale-picture.js";

/** How a measure is called and plotted. */
export interface MeasureWords {
  readonly title: string;
  /** What it means, in one sentence. */
  readonly meaning: string;
  readonly axis: "linear" | "log";
  /** The end of a linear axis; by default the largest value. */
  readonly most?: number;
}

export const measureWords: Readonly<Record<MeasureName, MeasureWords>> = {
  scoreVariance: {
    title: "Variance of the scores",
    meaning: "How far scores spread: its root is the size of a typical score.",
    axis: "log",
  },
  spread: { title: "Spread of a row", meaning: "1: all keys get the same weight. 0: one key gets everything.", axis: "linear", most: 1 },
  maxWeight: { title: "Largest weight of a row", meaning: "1 when one key gets everything.", axis: "linear", most: 1 },
  jacobian: {
    title: "Softmax Jacobian",
    meaning: "How much the weights move when a score moves; 0 when the softmax is saturated.",
    axis: "linear",
  },
  gradient: {
    title: "Gradient at the query",
    meaning: "How much the weights move when the query moves; the median of all rows.",
    axis: "linear",
  },
  saturated: { title: "Saturated rows", meaning: "The share of rows of which one key gets more than 0.99.", axis: "linear", most: 1 },
};

/** The name of a way to score. */
export const scoringNames = { chosen: "your settings", "1/sqrt(d)": "1/√dₖ", none: "no scale" } as const;
