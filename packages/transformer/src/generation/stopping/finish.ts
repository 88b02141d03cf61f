import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { GenerationContext } from "../context.js";

/** Says after each new token whether the row ends with it. */
export type StopRule = (context: GenerationContext) => boolean;

/**
 * Why a row ended: `"stop"` at a stop token, `"stopString"`, `"stopWhen"` by a rule of the caller, `"length"` after
 * `maxNewTokens` or at `maxLength`, `"context"` because the row fills the context of the model.
 */
export type FinishReason = "stop" | "stopString" | "stopWhen" | "length" | "context";

/** What ends a row. */
export interface Limits {
  readonly stopTokens: readonly number[];
  readonly stopString: StopRule | undefined;
  readonly stopWhen: StopRule | undefined;
  readonly maxNewTokens: number;
  /** Of prompt and new tokens together. */
  readonly maxLength: number;
  /** The longest input of the model. */
  readonly contextLength: number;
}

/** The reason why a row ends with its newest token, or undefined. */
export function finishOf(operation: string, context: GenerationContext, limits: Limits): FinishReason | undefined {
  const { ids, promptLength } = context;
  const { stopTokens, stopString, stopWhen, maxNewTokens, maxLength, contextLength } = limits;
  if (stopTokens.includes(ids.at(-1)!)) return "stop";
  if (stopString?.(context)) return "stopString";
  if (stopWhen !== undefined && checkAnswer(operation, stopWhen(context))) return "stopWhen";
  if (ids.length - promptLength >= maxNewTokens || ids.length >= maxLength) return "length";
  return ids.length > contextLength ? "context" : undefined;
}

function checkAnswer(operation: string, answer: unknown): boolean {
  if (typeof answer === "boolean") return answer;
  return refuse(ValueError, operation, "stopWhen", "a function that returns true or false", describeValue(answer));
}
