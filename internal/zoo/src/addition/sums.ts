import type { Random } from "@tfblocks/tensor-utils";
import type { Example } from "../answer-batch.js";
import { isHeldOut } from "../held-out.js";

/** Number of digits of each summand. */
const digits = 3;

/**
 * A sum as question and answer: summands of three digits, and an answer that starts with the units, so that carries
 * come in order.
 */
export function sumOf(a: number, b: number): Example {
  const question = `${padded(a, digits)}+${padded(b, digits)}=`;
  return {
    question,
    answer: Array.from(padded(a + b, digits + 1))
      .toReversed()
      .join(""),
  };
}

/** A random sum of two numbers from 0 to 999; from the training examples or the held-out tenth. */
export function drawSum(random: Random, heldOut: boolean): Example {
  for (;;) {
    const sum = sumOf(random.integer(10 ** digits), random.integer(10 ** digits));
    if (isHeldOut(sum.question) === heldOut) return sum;
  }
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
