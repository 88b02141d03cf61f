import type { Random } from "@tfblocks/tensor-utils";
import type { Example } from "../answer-batch.js";
import { isHeldOut } from "../held-out.js";

export const letters = "abcdefghijklmnop";
/** Letters of the longest string. */
export const longest = 12;

/** What a model makes of a string. */
export type Transform = (letters: string) => string;

/** Letters with an end mark to be transformed, of the tenth of strings that nothing trains on or of the rest. */
export function drawString(random: Random, length: number, transform: Transform, heldOut: boolean): Example {
  for (;;) {
    const drawn = Array.from({ length }, () => letters[random.integer(letters.length)]!).join("");
    if (isHeldOut(drawn) === heldOut) return { question: `${drawn}=`, answer: transform(drawn) };
  }
}
