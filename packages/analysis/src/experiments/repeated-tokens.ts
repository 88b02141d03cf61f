import { checkInteger, describeValue, Random, refuse, ValueError } from "@tfblocks/tensor-utils";
import { sample } from "./random-sets.js";

/** Random tokens that repeat: a prefix, then `copies` times the same `period` different tokens. */
export interface RepeatedTokens {
  readonly prefix: readonly number[];
  readonly period: number;
  readonly copies: number;
  /** The sequences. */
  readonly clean: readonly (readonly number[])[];
  /** The same sequences with other tokens in all copies but the last, so that nothing repeats. */
  readonly corrupt: readonly (readonly number[])[];
}

/** What to draw. */
export interface RepetitionOptions {
  readonly vocabulary: readonly number[];
  readonly prefix: readonly number[];
  readonly period: number;
  readonly copies: number;
  readonly sequences: number;
  readonly seed: number;
}

/** @throws ValueError when a number is out of range, or the vocabulary has fewer than `period` different tokens */
export function drawRepeated(operation: string, options: RepetitionOptions): RepeatedTokens {
  const { vocabulary, prefix, period, copies, sequences, seed } = options;
  checkInteger(operation, "period", period, 2);
  checkInteger(operation, "copies", copies, 2);
  checkInteger(operation, "sequences", sequences, 1);
  const tokens = [...new Set(vocabulary)];
  if (tokens.length < period) {
    refuse(ValueError, operation, "vocabulary", `at least period = ${period} different tokens`, describeValue(tokens.length));
  }
  const random = new Random(seed);
  const rows = Array.from({ length: sequences }, () => {
    const last = sample(random, tokens, period);
    const repeated = Array.from({ length: copies }, () => last);
    const others = repeated.map((copy, index) => (index === copies - 1 ? copy : sample(random, tokens, period)));
    return { clean: [...prefix, ...repeated.flat()], corrupt: [...prefix, ...others.flat()] };
  });
  return { prefix, period, copies, clean: rows.map(({ clean }) => clean), corrupt: rows.map(({ corrupt }) => corrupt) };
}
