import type { Tensor2D } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import { patch } from "../edits/patch.js";
import { headsOf } from "../edits/sites.js";
import { withEdits } from "../edits/with-edits.js";
import type { HeadName } from "../models/attention-places.js";
import { record } from "../watching/record.js";
import { headsIn } from "../models/heads-in.js";
import type { InductionPlan } from "./induction-options.js";
import type { RepeatedTokens } from "./repeated-tokens.js";
import { repetitionLosses } from "./repetition-losses.js";
import { ablateAndScore } from "./score-ablation.js";
import type { Spread } from "./spread.js";
import { otherHeads } from "./without-heads.js";

/** What is left without some heads. */
export interface GroupAblation {
  readonly heads: readonly HeadName[];
  /** Loss of the first copy − loss of the last one, in nats, without these heads. */
  readonly advantage: number;
  /**
   * The same without other heads, as many, drawn at random: the null. `mean` and `standardDeviation` in nats over `draws` different
   * sets; null if the model has not so many other heads, or without draws.
   */
  readonly randomHeads: Spread | null;
}

/** What comes back when the outputs of some heads are patched from the clean run into the corrupt one. */
export interface GroupPatch {
  readonly heads: readonly HeadName[];
  /** Losses of the last copy, in nats. */
  readonly clean: number;
  readonly corrupt: number;
  readonly patched: number;
  /** (corrupt − patched) / (corrupt − clean): 0 = no effect, 1 = everything; null if the two runs do not differ. */
  readonly restored: number | null;
}

/** Ablates a group of heads, and sets of other heads. Null if there is none. @param ids int32 `[sequences, length]` */
export async function ablateGroup(
  model: LanguageModel,
  group: readonly HeadName[],
  ids: Tensor2D,
  { tokens, seed, draws }: InductionPlan,
): Promise<GroupAblation | null> {
  if (group.length === 0) return null;
  const heads = namesOf(group);
  const advantageOf = async (edited: LanguageModel): Promise<number> => {
    const { first, last } = await repetitionLosses(edited, ids, tokens);
    return first - last;
  };
  const { score, randomHeads } = await ablateAndScore(model, heads, advantageOf, {
    others: otherHeads(headsIn(model), heads),
    random: new Random(seed).split("random heads"),
    draws,
  });
  return { heads, advantage: score, randomHeads };
}

/** Patches the outputs of a group of heads. Null if there is none. @param ids int32 `[sequences, length]` */
export async function patchGroup(
  model: LanguageModel,
  group: readonly HeadName[],
  ids: { readonly clean: Tensor2D; readonly corrupt: Tensor2D },
  tokens: RepeatedTokens,
  clean: number,
): Promise<GroupPatch | null> {
  if (group.length === 0) return null;
  const heads = namesOf(group);
  const sites = Object.fromEntries(heads.map(({ attention, head }) => [`${attention} ${head}`, headsOf(attention, head)]));
  const recording = record(model, sites, (watched) => void watched.hidden(ids.clean));
  try {
    const edits = Object.entries(sites).map(([name, site]) => patch(site, recording.values[name]!));
    const { last: corrupt } = await repetitionLosses(model, ids.corrupt, tokens);
    const { last: patched } = await repetitionLosses(withEdits(model, edits), ids.corrupt, tokens);
    return { heads, clean, corrupt, patched, restored: corrupt === clean ? null : 0 + (corrupt - patched) / (corrupt - clean) }; // not −0
  } finally {
    recording.dispose();
  }
}

function namesOf(group: readonly HeadName[]): HeadName[] {
  return group.map(({ attention, head }) => ({ attention, head }));
}
