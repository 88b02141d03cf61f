import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, refuse, ValueError } from "@tfblocks/tensor-utils";
import { padding } from "../atoms/padding.js";
import { checkIntegers } from "../check.js";
import type { Mask } from "../mask.js";
import { startProbe } from "./probe.js";
import { type LeakOptions, leakOptionNames, type ProbeInput, readSubject } from "./subject.js";

/** Lengths and the mask of these lengths; a function can use either. */
export interface MaskedLengths {
  readonly lengths: readonly number[];
  readonly mask: Mask;
}

/**
 * Checks by perturbation that outputs do not depend on padding: when the inputs from position lengths[batch] on change, in
 * one batch element after the other, the outputs at all valid positions must stay equal.
 *
 * ```ts
 * await assertPaddingInvariant((x, { mask }) => block.apply(x, { mask }), { shape: [2, 8, 16] });
 * ```
 *
 * @param fn `[batch, length, ...]` and the padding to `[batch, length, ...]`; its output is disposed
 * @param options lengths `[batch]`: by default drawn from the seed
 * @throws as `assertCausal`
 */
export async function assertPaddingInvariant<Input extends Tensor = Tensor>(
  fn: (x: Input, padding: MaskedLengths) => Tensor | Promise<Tensor>,
  input: ProbeInput,
  options: LeakOptions & { readonly lengths?: readonly number[] } = {},
): Promise<void> {
  checkOptions("assertPaddingInvariant", options, { ...leakOptionNames, lengths: true });
  const subject = await readSubject("assertPaddingInvariant", input, options);
  const { batch, length, random } = subject;
  const lengths = options.lengths
    ? checkLengths(options.lengths, batch, length)
    : Array.from({ length: batch }, () => 1 + Math.floor(random() * (length - 1)));
  const given = { lengths, mask: padding({ lengths }) };
  const expectUnchanged = await startProbe(subject, (x) => fn(x as Input, given));
  for (const [padded, start] of lengths.entries()) {
    await expectUnchanged((b, position) => position < lengths[b]!, {
      where: (b, position) => b === padded && position >= start,
      changed: { batch: padded, start, end: length },
      expected: `unchanged at valid positions when batch element ${padded} changes from position ${start} (its length) on`,
    });
  }
}

function checkLengths(value: readonly number[], batch: number, length: number): number[] {
  const lengths = checkIntegers("assertPaddingInvariant", "lengths", value);
  if (lengths.length === batch && Math.max(...lengths) <= length && Math.min(...lengths) < length) return lengths;
  return refuse(
    ValueError,
    "assertPaddingInvariant",
    "lengths",
    `${batch} numbers up to ${length}, one of them less`,
    `[${lengths.join(", ")}]`,
  );
}
