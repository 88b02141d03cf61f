import type { Mask } from "../mask.js";
import { RuleMask } from "../rule-mask.js";
import { intervalRule } from "./interval-rule.js";

/** Every query may attend to every key: the identity of `and`. */
export function full(): Mask {
  return new RuleMask(intervalRule({ json: { type: "full" }, first: () => 0, last: () => Infinity }));
}

/** No query may attend to anything: the identity of `or`. */
export function none(): Mask {
  return new RuleMask(intervalRule({ json: { type: "none" }, first: () => 0, last: () => -1 }));
}
