import { Tensor } from "@tensorflow/tfjs-core";
import { type Composite, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import { checkFunction } from "../checks.js";
import { attentionPlaces, type HeadName } from "../models/attention-places.js";
import type { AttentionPart } from "../models/attentions.js";
import { type Batch, type GateGradients, gateGradients, type SequenceLosses } from "./gate-gradients.js";
import { nextTokenLosses } from "./next-token-losses.js";

/** The importance of a head, from the gradient of the loss with respect to a gate ξ on its output. */
export interface HeadImportanceScore extends HeadName {
  /** E |∂L/∂ξ|, the mean over sequences; ≥ 0, in units of the loss. */
  readonly importance: number;
  /** `importance` divided by the L2 norm over the heads of its attention; null when all of these are 0. */
  readonly normalized: number | null;
  /** −E ∂L/∂ξ: the change of the loss that the gradient predicts if the head is removed. Positive: the head helps. */
  readonly predictedChange: number;
  /** ∂L/∂ξ of each sequence. */
  readonly gradients: readonly number[];
}

/** What {@link headImportance} returns. Plain JSON. */
export interface HeadImportance {
  readonly metric: "headImportance";
  readonly version: 1;
  readonly perHead: readonly HeadImportanceScore[];
  /** The mean loss over sequences. */
  readonly loss: number;
  readonly sequences: number;
}

/**
 * Head importance by gradients: a gate ξ = 1 multiplies the output of each head before the output projection, and the importance of
 * the head is E |∂L/∂ξ| over sequences, with the absolute value inside the mean.
 *
 * It is unsigned: a head whose removal would lower the loss is as important as one whose removal would raise it. `predictedChange` has
 * the sign, but is a first-order estimate; ablate the head to measure the change. One forward and one backward pass for each batch.
 *
 * Source: Michel et al. 2019, "Are Sixteen Heads Really Better than One?".
 *
 * @param batches int32 `[batch, length]`, one or a list; with `losses`, a list of what it takes, for example `[[source, target]]`
 * @param losses default the mean cross-entropy of the next token in each sequence, in nats; required if the model is not
 *   a causal LanguageModel
 * @throws ValueError when there is no batch or no attention, or a loss or gradient is not finite
 * @throws ShapeError when the losses are not `[batch]`
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { headImportance } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const { perHead, sequences } = await headImportance(model, tensor2d([[1, 2, 3], [4, 5, 6]], [2, 3], "int32"));
 * console.log(perHead.length, sequences); // 6 2
 * ```
 */
export async function headImportance(model: LanguageModel, batches: Tensor | readonly Tensor[]): Promise<HeadImportance>;
export async function headImportance<Model extends Composite, Inputs extends Batch>(
  model: Model,
  batches: readonly Inputs[],
  losses: SequenceLosses<Model, Inputs>,
): Promise<HeadImportance>;
export async function headImportance(
  model: LanguageModel,
  batches: Tensor | readonly Tensor[],
  losses: SequenceLosses<LanguageModel, Tensor> = nextTokenLosses,
): Promise<HeadImportance> {
  const list = batches instanceof Tensor ? [batches] : batches;
  if (!Array.isArray(list) || list.length === 0) {
    refuse(
      ValueError,
      "headImportance",
      "batches",
      "a tensor or a list of batches",
      Array.isArray(list) ? "an empty list" : describeValue(list),
    );
  }
  const parts = attentionPlaces("headImportance", model);
  checkFunction("headImportance", "losses", losses, "a function that returns the loss of each sequence");
  const results: GateGradients[] = [];
  for (const inputs of list) results.push(await gateGradients(model, parts, inputs, losses));
  const sequences = results.reduce((sum, { gradients }) => sum + gradients[0]!.length, 0);
  if (sequences === 0) refuse(ValueError, "headImportance", "batches", "at least one sequence", "none");
  return {
    metric: "headImportance",
    version: 1,
    perHead: parts.flatMap((part, at) =>
      scoresOf(
        part,
        results.flatMap(({ gradients }) => gradients[at]!),
      ),
    ),
    loss: results.reduce((sum, { lossSum }) => sum + lossSum, 0) / sequences,
    sequences,
  };
}

/** @param gradients of each sequence and head */
function scoresOf({ name, attention }: AttentionPart, gradients: readonly (readonly number[])[]): HeadImportanceScore[] {
  const perHead = Array.from({ length: attention.numHeads }, (_, head) => gradients.map((sequence) => sequence[head]!));
  const importances = perHead.map((each) => mean(each.map(Math.abs)));
  const norm = Math.hypot(...importances);
  return perHead.map((each, head) => ({
    attention: name,
    head,
    importance: importances[head]!,
    normalized: norm === 0 ? null : importances[head]! / norm,
    predictedChange: 0 - mean(each), // not −0
    gradients: each,
  }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
