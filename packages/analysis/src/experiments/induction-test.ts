import { dispose } from "@tensorflow/tfjs-core";
import type { LanguageModel } from "@tfblocks/transformer";
import { ablateGroup, type GroupAblation, type GroupPatch, patchGroup } from "./head-groups.js";
import { type InductionHead, inductionHeads } from "./induction-heads.js";
import { type InductionTestOptions, planOf } from "./induction-options.js";
import { idTensor, repetitionLosses, type RepetitionLosses } from "./repetition-losses.js";

/** The result of {@link inductionTest}; plain JSON. */
export interface InductionTest {
  readonly experiment: "inductionTest";
  readonly version: 1;
  readonly period: number;
  readonly copies: number;
  readonly sequences: number;
  readonly losses: RepetitionLosses;
  /** Loss of the first copy − loss of the last one, in nats: what the model gains from the repetition. */
  readonly advantage: number;
  readonly heads: readonly InductionHead[];
  /** Without the heads labelled "induction"; null if there is none. */
  readonly withoutInduction: GroupAblation | null;
  /** Without the heads labelled "previous token"; null if there is none. */
  readonly withoutPreviousToken: GroupAblation | null;
  /** The outputs of the heads labelled "induction", patched into sequences without a repetition; null if there is none. */
  readonly patched: GroupPatch | null;
}

/**
 * Tests whether a language model has induction heads: random tokens are repeated, so that only the repetition predicts them.
 *
 * It measures the advantage of the last copy; scores and labels the heads on these sequences; ablates the induction heads, the
 * previous-token heads and, for comparison, as many random heads; and patches the induction heads' outputs into sequences
 * where nothing repeats. The same options give the same result. Source: Olsson et al. 2022, "In-context Learning and Induction Heads".
 *
 * @throws ValueError when the model is not causal, has no head or is too short for the copies, the vocabulary is too small or has
 *   an id that the model does not know, a number is out of range, or an option is unknown
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend } from "@tensorflow/tfjs-core";
 * import { inductionTest } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 16, dModel: 12, numHeads: 3, numLayers: 2 });
 * const { advantage, heads } = await inductionTest(model, { period: 6, sequences: 4 });
 * console.log(advantage, heads.filter(({ isInduction }) => isInduction).length); // before training: near 0, and no head
 * ```
 */
export async function inductionTest(model: LanguageModel, options: InductionTestOptions = {}): Promise<InductionTest> {
  const plan = planOf(model, options);
  const { tokens } = plan;
  const ids = { clean: idTensor(tokens.clean), corrupt: idTensor(tokens.corrupt) };
  try {
    const losses = await repetitionLosses(model, ids.clean, tokens);
    const heads = await inductionHeads(model, ids.clean, tokens);
    const inducing = heads.filter(({ isInduction }) => isInduction);
    const lookingBack = heads.filter(({ isPreviousToken }) => isPreviousToken);
    const { period, copies } = tokens;
    return {
      experiment: "inductionTest",
      version: 1,
      period,
      copies,
      sequences: tokens.clean.length,
      losses,
      advantage: losses.first - losses.last,
      heads,
      withoutInduction: await ablateGroup(model, inducing, ids.clean, plan),
      withoutPreviousToken: await ablateGroup(model, lookingBack, ids.clean, plan),
      patched: await patchGroup(model, inducing, ids, tokens, losses.last),
    };
  } finally {
    dispose(ids);
  }
}
