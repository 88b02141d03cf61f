import type { Outcome } from "../../compute/outcome.js";
import { tokensOf } from "../../compute/read-text.js";
import type { TokenPair } from "./compute-picture.js";
import { type AttentionSettings, paddingToken } from "./settings.js";

/** The tokens of both texts with the padding after the keys, or the failure of the text that cannot be used. */
export function readTokens(settings: AttentionSettings): Outcome<TokenPair> {
  const queries = tokensOf(settings.text, "text");
  if (!queries.ok) return queries;
  const keys = settings.kind === "cross" ? tokensOf(settings.keyText, "keyText") : queries;
  if (!keys.ok) return keys;
  const padded = [...keys.result, ...Array<string>(settings.padding).fill(paddingToken)];
  return { ok: true, result: { queryTokens: settings.kind === "cross" ? queries.result : padded, keyTokens: padded } };
}
