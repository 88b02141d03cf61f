import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOptions } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import { type Edit, withEdits } from "../edits/with-edits.js";
import { type TokenLosses, type TokenLossOptions, tokenLossOptionNames, tokenLosses } from "./token-losses.js";
import { checkStreamModel, type StreamModel } from "./stream-options.js";

/** What {@link lossChange} returns: plain data. */
export interface LossChange {
  readonly original: TokenLosses;
  readonly edited: TokenLosses;
  /** Edited minus original, in nats, in the shape of the losses: positive where the edit makes the prediction worse. */
  readonly changes: readonly (readonly (number | null)[])[];
  /** The mean change; null when there is no loss. */
  readonly mean: number | null;
}

/**
 * What edits do to the loss of each token: {@link tokenLosses} of the edited model minus those of the model.
 *
 * With `ablate(headsOf("layers.1.attention", 3))`, a positive change means that the head helps to predict the token.
 *
 * @param ids int32 `[batch, length]`
 * @throws ValueError, ShapeError, DTypeError, DisposedError as `withEdits` and {@link tokenLosses}
 */
export async function lossChange(
  model: StreamModel,
  edits: readonly Edit[],
  ids: Tensor,
  options: TokenLossOptions = {},
): Promise<LossChange> {
  checkOptions("lossChange", options, tokenLossOptionNames);
  checkStreamModel("lossChange", model);
  const changed = model instanceof EncoderDecoder ? withEdits(model, edits) : withEdits(model, edits);
  try {
    const original = await tokenLosses(model, ids, options);
    const edited = await tokenLosses(changed, ids, options);
    const changes = edited.losses.map((row, at) => row.map((loss, position) => difference(loss, original.losses[at]![position]!)));
    return { original, edited, changes, mean: difference(edited.mean, original.mean) };
  } finally {
    changed.dispose();
  }
}

function difference(after: number | null, before: number | null): number | null {
  return after === null || before === null ? null : after - before;
}
