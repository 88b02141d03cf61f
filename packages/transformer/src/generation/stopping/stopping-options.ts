import { checkInteger, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkStopTokens } from "../check-ids.js";
import type { Limits, StopRule } from "./finish.js";
import { stopStrings, type StopStrings } from "./stop-strings.js";

/** What ends a row. It also ends when it fills the context of the model. */
export interface StoppingOptions {
  /** The largest number of tokens to generate; default 50, or as many as `maxLength` allows. */
  readonly maxNewTokens?: number | undefined;
  /** The largest number of prompt and new tokens together, without padding; default Infinity. */
  readonly maxLength?: number | undefined;
  /** Tokens that end a row; they are part of it. Default none. */
  readonly stopTokens?: readonly number[] | undefined;
  /** Strings that end a row with the token that completes one of them; default none. */
  readonly stopStrings?: StopStrings | undefined;
  /** Says after each new token whether the row ends with it; default never. */
  readonly stopWhen?: StopRule | undefined;
}

export const stoppingNames: OptionNames<StoppingOptions> = {
  maxNewTokens: true,
  maxLength: true,
  stopTokens: true,
  stopStrings: true,
  stopWhen: true,
};

/** The options with their defaults. @throws ValueError when one is out of range */
export function limitsOf(operation: string, options: StoppingOptions, contextLength: number): Limits {
  const { maxLength = Infinity, stopTokens = [], stopStrings: strings, stopWhen } = options;
  const { maxNewTokens = maxLength === Infinity ? 50 : Number.MAX_SAFE_INTEGER } = options;
  checkInteger(operation, "maxNewTokens", maxNewTokens, 1);
  if (maxLength !== Infinity) checkInteger(operation, "maxLength", maxLength, 1);
  checkStopTokens(operation, stopTokens);
  if (stopWhen !== undefined && typeof stopWhen !== "function") {
    refuse(ValueError, operation, "stopWhen", "a function", describeValue(stopWhen));
  }
  const stopString = strings === undefined ? undefined : stopStrings(strings);
  return { stopTokens, stopString, stopWhen, maxNewTokens, maxLength, contextLength };
}

/** @throws ValueError when a prompt leaves no room for a new token */
export function checkRoom(operation: string, prompts: readonly (readonly number[])[], { maxLength, contextLength }: Limits): void {
  for (const [index, { length }] of prompts.entries()) {
    if (length > contextLength) {
      refuse(ValueError, operation, `prompts[${index}]`, `at most maxLength = ${contextLength} tokens long`, length, "shorten it");
    }
    if (length >= maxLength) refuse(ValueError, operation, `prompts[${index}]`, `shorter than maxLength = ${maxLength}`, `${length} ids`);
  }
}
