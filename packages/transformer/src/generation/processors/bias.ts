import { checkInteger, checkNumber, describeValue, isFiniteFloat, refuse, ValueError } from "@tfblocks/tensor-utils";
import { largestId } from "../check-ids.js";
import type { LogitsProcessor } from "./logits-processor.js";

/** A bias of the logit of the last id, which applies when the row ends with the others. */
export interface SequenceBias {
  readonly ids: readonly number[];
  /** Added to the logit; -Infinity rules the token out. */
  readonly bias: number;
}

/** Biases by token, for example `{ 17: -Infinity, 4: 1.5 }`, or of sequences. */
export type LogitBias = Readonly<Record<number, number>> | readonly SequenceBias[];

/**
 * Adds biases to logits: that of a token always, that of a sequence to the logit of its last id where the others come before.
 *
 * @throws ValueError when the biases are neither an object by token nor an array, a sequence is empty, or a bias is neither a finite float32 number nor -Infinity
 */
export function logitBias(biases: LogitBias): LogitsProcessor {
  checkBiases(biases);
  const list: readonly SequenceBias[] = isList(biases) ? biases : Object.entries(biases).map(([id, bias]) => ({ ids: [Number(id)], bias }));
  for (const [index, each] of list.entries()) checkBias(`biases[${index}]`, each);
  return (logits, { ids }) => {
    for (const [id, bias] of sums(list, ids)) {
      if (id >= logits.length) refuse(ValueError, "logitBias", "ids", `tokens from 0 to ${logits.length - 1}`, id);
      logits[id]! += bias;
    }
  };
}

function isList(biases: LogitBias): biases is readonly SequenceBias[] {
  return Array.isArray(biases);
}

/** `Object.entries` of a number, a Map or a Set is empty, so that they would have no effect. */
function checkBiases(biases: unknown): void {
  const isKeyed = typeof biases === "object" && biases !== null && !(biases instanceof Map) && !(biases instanceof Set);
  if (isKeyed) return;
  const advice = biases instanceof Map ? "convert it with Object.fromEntries" : undefined;
  refuse(ValueError, "logitBias", "biases", "an object with a bias for each token, or an array", describeValue(biases), advice);
}

function checkBias(name: string, { ids, bias }: SequenceBias): void {
  const isRow = Array.isArray(ids) && ids.length > 0;
  if (!isRow) refuse(ValueError, "logitBias", `${name}.ids`, "an array of at least one id", describeValue(ids));
  for (const [at, id] of ids.entries()) checkInteger("logitBias", `${name}.ids[${at}]`, id, 0, largestId);
  const isRight = (value: number) => value === -Infinity || isFiniteFloat(value);
  checkNumber("logitBias", `the bias of token ${ids.at(-1)}`, "a finite float32 number or -Infinity", bias, isRight);
}

/** The bias of each token after some ids, summed in float32. */
function sums(biases: readonly SequenceBias[], before: readonly number[]): Map<number, number> {
  const total = new Map<number, number>();
  for (const { ids, bias } of biases) {
    const start = before.length - ids.length + 1;
    const applies = ids.every((id, at) => at === ids.length - 1 || before[start + at] === id);
    if (applies) total.set(ids.at(-1)!, Math.fround((total.get(ids.at(-1)!) ?? 0) + Math.fround(bias)));
  }
  return total;
}
