import type { Random } from "@tfblocks/tensor-utils";
import type { Example } from "../answer-batch.js";
import { isHeldOut } from "../held-out.js";

/** Digits of each number. */
const digits = 3;

/** A sum as the model reads and writes it: numbers of three digits, and the answer with its units first, as carrying goes. */
export function sumOf(a: number, b: number): Example {
  const question = `${padded(a, digits)}+${padded(b, digits)}=`;
  return {
    question,
    answer: Array.from(padded(a + b, digits + 1))
      .toReversed()
      .join(""),
  };
}

/** A sum of two numbers drawn from 0 to 999, or of the tenth of pairs that nothing trains on. */
export function drawSum(random: Random, heldOut: boolean): Example {
  for (;;) {
    const sum = sumOf(random.integer(10 ** digits), random.integer(10 ** digits));
    if (isHeldOut(sum.question) === heldOut) return sum;
  }
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
