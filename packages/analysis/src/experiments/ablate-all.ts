import { checkOptions, type Composite, type OptionNames } from "@tfblocks/tensor-utils";
import { headsOf } from "../edits/sites.js";
import { withEdits } from "../edits/with-edits.js";
import type { HeadName } from "../models/attention-places.js";
import { headsIn } from "../models/heads-in.js";
import { type BesideAblation, besideAblation, type BesideOptions } from "./beside-ablations.js";
import { checkedHeads } from "./checked-heads.js";
import { checkedLoss, difference, type LossFunction, type Losses } from "./loss-function.js";
import { recordLayers } from "./recorded-layers.js";
import { type Spread, spread } from "./spread.js";
import { type HeadEdit, zeroed } from "./without-heads.js";

/** What follows from switching off one head. */
export interface HeadAblation extends HeadName, BesideAblation {
  /** Loss without the head − loss with it, in nats: the mean over tokens. Positive if the head helps. Null without a loss. */
  readonly change: number | null;
  /** The change of each token's loss, in the shape of the losses. */
  readonly tokenChanges: readonly (readonly (number | null)[])[];
  /** The share of the other heads whose change is smaller, from 0 to 1; null for a single head. */
  readonly percentile: number | null;
}

/** The result of {@link ablateAll}; plain JSON. */
export interface Ablations {
  readonly experiment: "ablateAll";
  readonly version: 1;
  /** The mean loss of the unchanged model. */
  readonly loss: number | null;
  readonly heads: readonly HeadAblation[];
  /** The change that a head drawn at random makes: what a single change is compared with. Null without a change. */
  readonly randomHead: Spread | null;
}

/** Options of {@link ablateAll}. */
export interface AblateAllOptions extends BesideOptions {
  /** The edit that switches off a head, for example a mean ablation; default `ablate`, to zero. */
  readonly edit?: HeadEdit;
  /** The heads; default all. */
  readonly heads?: readonly HeadName[];
  /** Called after each head, for a progress bar. May return a promise, so that a page can draw. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

const optionNames: OptionNames<AblateAllOptions> = {
  edit: true,
  heads: true,
  importance: true,
  attributions: true,
  scores: true,
  onProgress: true,
};

/**
 * Switches off each head in turn and measures the loss: L(without the head) − L.
 *
 * The layers before a head are computed once for all heads. Results of `headImportance`, `attributeLogits` and of metrics can stand beside the
 * changes, so that one table has all: they describe the head, but the change is what counts. Two heads that do the same work change
 * little alone; for several at once see `ablateSet`. `randomHead` and `percentile` say how much a head changes among the heads that were
 * tried.
 *
 * @param loss applies the model once, to the same text each time
 * @throws ValueError when an option is unknown, a head does not exist or has no score, or `loss` applies the model more than once
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { ablateAll, headImportance, tokenLosses } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const ids = tensor2d([[1, 2, 3]], [1, 3], "int32");
 * const importance = await headImportance(model, ids);
 * const { heads, randomHead } = await ablateAll(model, (model) => tokenLosses(model, ids), { importance });
 * console.log(heads.length, randomHead?.draws, heads[0]?.change, heads[0]?.predictedChange); // 6 6, and two similar numbers
 * ```
 */
export async function ablateAll<Model extends Composite>(
  model: Model,
  loss: LossFunction<Model>,
  options: AblateAllOptions = {},
): Promise<Ablations> {
  const { edit = zeroed, onProgress, ...others } = checkOptions("ablateAll", options, optionNames);
  const heads = others.heads === undefined ? headsIn(model) : checkedHeads("ablateAll", model, others.heads);
  const beside = heads.map((head) => besideAblation("ablateAll", head, others));
  const run = await recordLayers("ablateAll", model, checkedLoss("ablateAll", loss));
  try {
    const ablated: Omit<HeadAblation, "percentile">[] = [];
    for (const [at, { attention, head }] of heads.entries()) {
      const edits = [...run.upTo(attention), edit(headsOf(attention, head), { attention, head })];
      ablated.push({ attention, head, ...compare(run.result, await loss(withEdits(model, edits))), ...beside[at]! });
      await onProgress?.(ablated.length, heads.length);
    }
    return { experiment: "ablateAll", version: 1, loss: run.result.mean, ...ranked(ablated) };
  } finally {
    run.dispose();
  }
}

function compare(before: Losses, after: Losses): Pick<HeadAblation, "change" | "tokenChanges"> {
  const tokenChanges = after.losses.map((row, at) => row.map((loss, position) => difference(loss, before.losses[at]![position]!)));
  return { change: difference(after.mean, before.mean), tokenChanges };
}

function ranked(ablated: readonly Omit<HeadAblation, "percentile">[]): Pick<Ablations, "heads" | "randomHead"> {
  const changes = ablated.flatMap(({ change }) => (change === null ? [] : [change]));
  const others = changes.length - 1;
  const percentile = (change: number | null): number | null =>
    change === null || others < 1 ? null : changes.filter((each) => each < change).length / others;
  return {
    heads: ablated.map((head) => ({ ...head, percentile: percentile(head.change) })),
    randomHead: spread(changes),
  };
}
