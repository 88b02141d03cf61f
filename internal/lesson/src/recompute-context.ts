import { dot, total } from "./numbers.js";
import type { TokenWalk } from "./token-walk.js";
import type { AttentionTrace } from "./trace-attention.js";

/** The context of a token in float64, from the formula: Σ softmax(query · key × scale) value over the allowed keys. */
export function recomputeContext(
  { key, value, scale }: Pick<AttentionTrace, "key" | "value" | "scale">,
  { query, head, keys }: TokenWalk,
): number[] {
  const scores = keys.map(({ allowed, index }) => (allowed ? dot(query, key[head]![index]!) * scale : -Infinity));
  const largest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const sum = total(exponentials);
  return value[head]![0]!.map((_, dim) => total(exponentials.map((each, index) => (each / sum) * value[head]![index]![dim]!)));
}
