import type { Composite, Random } from "@tfblocks/tensor-utils";
import type { HeadName } from "../models/attention-places.js";
import { differentSets } from "./random-sets.js";
import { type Spread, spread } from "./spread.js";
import { withoutHeads } from "./without-heads.js";

/** Measures a model, for example its accuracy at some task. */
export type ScoreFunction<Model> = (model: Model) => number | Promise<number>;

/** A score without some heads, whose outputs are replaced by zero. */
export interface ScoreAblation {
  readonly heads: readonly HeadName[];
  readonly score: number;
  /** The same without as many other heads, in different random sets: the null. Null if there are not so many heads, or without draws. */
  readonly randomHeads: Spread | null;
}

/** The score without some heads, and without as many of the others. */
export async function ablateAndScore<Model extends Composite>(
  model: Model,
  heads: readonly HeadName[],
  score: ScoreFunction<Model>,
  { others, random, draws }: { readonly others: readonly HeadName[]; readonly random: Random; readonly draws: number },
): Promise<ScoreAblation> {
  const scores: number[] = [];
  for (const set of differentSets(random, [{ items: others, size: heads.length }], draws)) {
    scores.push(await score(withoutHeads(model, set)));
  }
  return { heads, score: await score(withoutHeads(model, heads)), randomHeads: spread(scores) };
}
