import type { LogitsProcessor } from "./logits-processor.js";
import { logSoftmax } from "./softmax.js";

/** Turns logits into log-probabilities, which only beam search tells apart. */
export function normalize(): LogitsProcessor {
  return (logits) => {
    return logSoftmax(logits);
  };
}
