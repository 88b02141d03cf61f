import { tokenize } from "@tfblocks/lesson";
import { ArgumentError } from "@tfblocks/tensor-utils";
import type { Failure, Outcome } from "../../compute/outcome.js";
import type { TokenPair } from "./compute-picture.js";
import { type AttentionSettings, paddingToken } from "./settings.js";

/** The tokens of both texts with the padding after the keys, or which text is at fault and why. */
export function readTokens(settings: AttentionSettings): Outcome<TokenPair> {
  const queries = tokensOf(settings.text, "text");
  if (!queries.ok) return queries;
  const keys = settings.kind === "cross" ? tokensOf(settings.keyText, "keyText") : queries;
  if (!keys.ok) return keys;
  const padded = [...keys.result, ...Array<string>(settings.padding).fill(paddingToken)];
  return { ok: true, result: { queryTokens: settings.kind === "cross" ? queries.result : padded, keyTokens: padded } };
}

function tokensOf(text: string, field: "text" | "keyText"): Outcome<string[]> {
  try {
    return { ok: true, result: tokenize(text) };
  } catch (error) {
    return { ok: false, failure: describeFailure(error, field) };
  }
}

/** An error of the packages as a sentence for the reader. */
export function describeFailure(error: unknown, field: string): Failure {
  if (error instanceof ArgumentError && error.operation === "tokenize") {
    const received = error.received.startsWith('"') ? "one without" : `one of ${error.received}`;
    return { field, sentence: `Please write ${error.expected}; this is ${received}.` };
  }
  return { field, sentence: error instanceof Error ? `${error.message}.` : String(error) };
}
