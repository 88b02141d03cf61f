import { checkInteger, checkOptions } from "@tfblocks/tensor-utils";
import type { Mask } from "../mask.js";
import { RuleMask } from "../rule-mask.js";
import { intervalRule } from "./interval-rule.js";

/**
 * query - left <= key <= query + right: inclusive distances, so left + 1 + right keys; either may be Infinity.
 *
 * @throws ValueError when a distance is neither an integer >= 0 nor Infinity
 */
export function slidingWindow(options: { readonly left: number; readonly right: number }): Mask {
  const { left, right } = checkOptions("slidingWindow", options, { left: true, right: true });
  for (const [name, distance] of Object.entries({ left, right })) {
    if (distance !== Infinity) checkInteger("slidingWindow", name, distance, 0);
  }
  return new RuleMask(
    intervalRule({
      json: { type: "slidingWindow", left: asJSON(left), right: asJSON(right) },
      first: (_batch, query) => query - left,
      last: (_batch, query) => query + right,
    }),
  );
}

/**
 * The last n keys up to and including the query's own position: query - n < key <= query.
 *
 * @throws ValueError when n is not an integer >= 1
 */
export function lastN(n: number): Mask {
  checkInteger("lastN", "n", n, 1);
  return new RuleMask(
    intervalRule({ json: { type: "lastN", n }, first: (_batch, query) => query - n + 1, last: (_batch, query) => query }),
  );
}

function asJSON(distance: number): number | "Infinity" {
  return distance === Infinity ? "Infinity" : distance;
}
