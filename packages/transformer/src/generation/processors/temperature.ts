import { checkPositive } from "@tfblocks/tensor-utils";
import type { LogitsProcessor } from "./logits-processor.js";

/** Divides the logits by a temperature > 0: below 1 likely tokens become likelier, above 1 all become more alike. */
export function temperature(value: number): LogitsProcessor {
  checkPositive("temperature", "value", value);
  const divisor = Math.fround(value);
  return (logits) => {
    for (let id = 0; id < logits.length; id++) logits[id]! /= divisor;
  };
}
