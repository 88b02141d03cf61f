import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { TokenLosses } from "../stream/token-losses.js";

/** The losses of tokens, and their mean. */
export type Losses = Pick<TokenLosses, "losses" | "mean">;

/** Measures the losses of a model on a fixed text, for example `(model) => tokenLosses(model, ids)`. */
export type LossFunction<Model> = (model: Model) => Promise<Losses>;

/** @throws ValueError when it is no function, or returns something else than losses of tokens */
export function checkedLoss<Model>(operation: string, loss: LossFunction<Model>): LossFunction<Model> {
  const advice = "for example (model) => tokenLosses(model, ids)";
  if (typeof loss !== "function") refuse(ValueError, operation, "loss", "a function of the model", describeValue(loss), advice);
  return async (model) => {
    const result = await loss(model);
    if (Array.isArray(result?.losses)) return result;
    return refuse(ValueError, operation, "loss", "a function that returns the losses of tokens", describeValue(result), advice);
  };
}

/** How much a loss changes; null without one of them. */
export function difference(after: number | null, before: number | null): number | null {
  return after === null || before === null ? null : after - before;
}
