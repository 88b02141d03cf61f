import { tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import type { LanguageModel } from "@tfblocks/transformer";
import { meanOf } from "../maps/row-scores.js";
import { tokenLosses } from "../stream/token-losses.js";
import type { RepeatedTokens } from "./repeated-tokens.js";

/** Mean losses of repeated tokens, in nats. The first token of each copy is in neither, because nothing predicts it. */
export interface RepetitionLosses {
  /** Of the first copy, which nothing predicts. */
  readonly first: number;
  /** Of the last copy, which the earlier ones predict. */
  readonly last: number;
}

/** The losses of a model. @param ids int32 `[sequences, length]` */
export async function repetitionLosses(
  model: LanguageModel,
  ids: Tensor2D,
  { prefix, period, copies }: RepeatedTokens,
): Promise<RepetitionLosses> {
  const { losses } = await tokenLosses(model, ids);
  // The loss at index i is that of token i + 1.
  const ofCopy = (copy: number): number => {
    const start = prefix.length + copy * period;
    return meanOf(losses.flatMap((row) => row.slice(start, start + period - 1)))!;
  };
  return { first: ofCopy(0), last: ofCopy(copies - 1) };
}

/** int32 `[sequences, length]`; the caller owns it. */
export function idTensor(rows: readonly (readonly number[])[]): Tensor2D {
  return tensor2d(rows.flat(), [rows.length, rows[0]!.length], "int32");
}
