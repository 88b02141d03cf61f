import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { GenerationContext } from "../context.js";

/**
 * Changes the logits of a row before its next token is chosen: in place, or by returning others of the same length.
 * -Infinity rules a token out.
 *
 * @param logits of every token
 */
export type LogitsProcessor = (logits: Float32Array, context: GenerationContext) => Float32Array | void;

/** Applies processors one after the other. */
export function applyProcessors(processors: readonly LogitsProcessor[], logits: Float32Array, context: GenerationContext): Float32Array {
  return processors.reduce((before, processor) => processor(before, context) ?? before, logits);
}

/**
 * A processor of the caller whose results are checked.
 *
 * @param name the argument in messages
 * @throws ValueError, when the processor is called, if it returns NaN, another length, or no Float32Array
 */
export function checkedProcessor(operation: string, name: string, processor: LogitsProcessor): LogitsProcessor {
  const shown = processor.name === "" ? name : `${name} (${processor.name})`;
  return (logits, context) => checkProcessed(operation, shown, processor(logits, context) ?? logits, logits.length);
}

/** The first token whose logit is NaN, or -1. */
export function indexOfNaN(logits: Float32Array): number {
  for (let id = 0; id < logits.length; id++) if (logits[id] !== logits[id]) return id;
  return -1;
}

function checkProcessed(operation: string, name: string, logits: unknown, length: number): Float32Array {
  const refused = (received: string): never =>
    refuse(ValueError, operation, name, `a function that gives a Float32Array of length ${length} without NaN`, received);
  if (!(logits instanceof Float32Array) || logits.length !== length) return refused(describeValue(logits));
  const wrong = indexOfNaN(logits);
  return wrong < 0 ? logits : refused(`NaN for token ${wrong}`);
}
