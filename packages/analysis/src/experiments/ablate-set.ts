import { checkInteger, checkOptions, type Composite, type OptionNames, Random, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { HeadName } from "../models/attention-places.js";
import { headsIn } from "../models/heads-in.js";
import { checkedHeads } from "./checked-heads.js";
import { checkedLoss, difference, type LossFunction } from "./loss-function.js";
import { differentSets, type Pool, setCount } from "./random-sets.js";
import { type Spread, spread } from "./spread.js";
import { type HeadEdit, isSameHead, otherHeads, withoutHeads, zeroed } from "./without-heads.js";

/** What follows from switching off some heads at once. */
export interface SetChange {
  readonly heads: readonly HeadName[];
  /** Loss without the heads − loss with them, in nats: the mean over tokens. Positive if they help. Null without a loss. */
  readonly change: number | null;
}

/** The result of {@link ablateSet}; plain JSON. */
export interface SetAblation extends SetChange {
  readonly experiment: "ablateSet";
  readonly version: 1;
  /** The mean loss of the unchanged model. */
  readonly loss: number | null;
  /** From which other heads the random sets are drawn. */
  readonly drawnFrom: "the same attentions" | "the whole model";
  /** Different sets of as many other heads; less than were asked for if there are no more, and none if there are too few other heads. */
  readonly randomSets: readonly SetChange[];
  /** Their changes: the null, what `change` is compared with. Null without one. */
  readonly randomHeads: Spread | null;
}

/** Options of {@link ablateSet}. */
export interface AblateSetOptions {
  /** The edit that switches off a head, for example a mean ablation; default `ablate`, to zero. */
  readonly edit?: HeadEdit;
  /** How many random sets are switched off; default 8. If there are fewer, each is switched off once. */
  readonly draws?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Called after each set, the chosen one first. May return a promise, so that a page can draw. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

const optionNames: OptionNames<AblateSetOptions> = { edit: true, draws: true, seed: true, onProgress: true };

/** Fewer sets have no spread. */
const fewestSets = 2;

/**
 * Switches off a set of heads S at once and measures the loss, L(without S) − L, beside the same for random sets of as many other heads.
 *
 * A random set has as many heads of each attention as S has there, because early heads often matter more than late ones; where there are
 * fewer than two such sets, its heads come from the whole model. No two sets are the same. A change within the spread of the random sets
 * says nothing about these heads in particular. Source of the ablation: Michel et al. 2019, "Are Sixteen Heads Really Better than One?";
 * of the comparison: Crosbie and Shutova 2025, "Induction Heads as an Essential Mechanism for Pattern Matching in In-context Learning".
 *
 * @throws ValueError when a head does not exist or is there twice, there is none, an option is wrong or unknown, or `loss` does not return
 *   losses
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { ablateSet, headsIn, tokenLosses } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const ids = tensor2d([[1, 2, 3]], [1, 3], "int32");
 * const pair = [headsIn(model)[0]!, headsIn(model)[3]!]; // one of each layer
 * const { change, randomHeads } = await ablateSet(model, pair, (model) => tokenLosses(model, ids));
 * console.log(change, randomHeads?.mean, randomHeads?.draws); // two small numbers, and 4 sets
 * ```
 */
export async function ablateSet<Model extends Composite>(
  model: Model,
  heads: readonly HeadName[],
  loss: LossFunction<Model>,
  options: AblateSetOptions = {},
): Promise<SetAblation> {
  const { edit = zeroed, draws = 8, seed = 0, onProgress } = checkOptions("ablateSet", options, optionNames);
  checkInteger("ablateSet", "draws", draws, 0);
  checkInteger("ablateSet", "seed", seed, 0);
  const chosen = differentHeads(model, heads);
  const measure = checkedLoss("ablateSet", loss);
  const { drawnFrom, pools } = poolsBeside(headsIn(model), chosen);
  const sets = [chosen, ...differentSets(new Random(seed).split("random heads"), pools, draws)];
  const { mean } = await measure(model);
  const changes: SetChange[] = [];
  for (const set of sets) {
    changes.push({ heads: set, change: difference((await measure(withoutHeads(model, set, edit))).mean, mean) });
    await onProgress?.(changes.length, sets.length);
  }
  const [first, ...randomSets] = changes;
  const randomHeads = spread(randomSets.flatMap(({ change }) => (change === null ? [] : [change])));
  return { experiment: "ablateSet", version: 1, ...first!, loss: mean, drawnFrom, randomSets, randomHeads };
}

/** The names of the heads, without what else their objects hold. */
function differentHeads(model: Composite, heads: readonly HeadName[]): HeadName[] {
  const names = checkedHeads("ablateSet", model, heads).map(({ attention, head }) => ({ attention, head }));
  if (names.length === 0) refuse(ValueError, "ablateSet", "heads", "a list of at least one head", "an empty list");
  const twice = names.find((each, at) => names.findIndex((other) => isSameHead(each, other)) !== at);
  if (twice !== undefined) refuse(ValueError, "ablateSet", "heads", "different heads", `"${twice.attention}" ${twice.head} twice`);
  return names;
}

/** The other heads: for each attention as many as are chosen there, or as many of the whole model. */
function poolsBeside(all: readonly HeadName[], chosen: readonly HeadName[]): Pick<SetAblation, "drawnFrom"> & { pools: Pool<HeadName>[] } {
  const others = otherHeads(all, chosen);
  const names = [...new Set(chosen.map(({ attention }) => attention))];
  const matched = names.map((name) => ({
    items: others.filter(({ attention }) => attention === name),
    size: chosen.filter(({ attention }) => attention === name).length,
  }));
  if (setCount(matched) >= fewestSets) return { drawnFrom: "the same attentions", pools: matched };
  return { drawnFrom: "the whole model", pools: [{ items: others, size: chosen.length }] };
}
