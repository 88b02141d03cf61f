import type { Random } from "@tfblocks/tensor-utils";
import type { Example } from "../answer-batch.js";
import { isHeldOut } from "../held-out.js";

export const letters = "abcdefghijklmnop";
/** Number of letters in the longest string. */
export const longest = 12;

/** A function that a model learns. */
export type Transform = (letters: string) => string;

/** A random string with an end mark, and its transformation; from the training examples or the held-out tenth. */
export function drawString(random: Random, length: number, transform: Transform, heldOut: boolean): Example {
  for (;;) {
    const drawn = Array.from({ length }, () => letters[random.integer(letters.length)]!).join("");
    if (isHeldOut(drawn) === heldOut) return { question: `${drawn}=`, answer: transform(drawn) };
  }
}
