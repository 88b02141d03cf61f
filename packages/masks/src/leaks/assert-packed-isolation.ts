import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, refuse, ValueError } from "@tfblocks/tensor-utils";
import { packed } from "../atoms/documents.js";
import { checkIntegers } from "../check.js";
import type { MaskedLengths } from "./assert-padding-invariant.js";
import { startProbe } from "./probe.js";
import { type LeakOptions, leakOptionNames, type ProbeInput, readSubject } from "./subject.js";

/**
 * Checks by perturbation that packed documents do not depend on each other: when one document changes, the outputs of the
 * others must stay equal, for each document.
 *
 * ```ts
 * await assertPackedIsolation((x, { mask }) => block.apply(x, { mask }), { shape: [1, 12, 16] });
 * ```
 *
 * @param fn `[batch, length, ...]` and the documents to `[batch, length, ...]`; its output is disposed
 * @param options lengths `[document]`, the same in every batch element: default three documents
 * @throws as `assertCausal`
 */
export async function assertPackedIsolation<Input extends Tensor = Tensor>(
  fn: (x: Input, documents: MaskedLengths) => Tensor | Promise<Tensor>,
  input: ProbeInput,
  options: LeakOptions & { readonly lengths?: readonly number[] } = {},
): Promise<void> {
  checkOptions("assertPackedIsolation", options, { ...leakOptionNames, lengths: true });
  const subject = await readSubject("assertPackedIsolation", input, options);
  const lengths = options.lengths ? checkLengths(options.lengths, subject.length) : thirds(subject.length);
  const total = lengths.reduce((sum, length) => sum + length);
  const given = { lengths, mask: packed(lengths) };
  const expectUnchanged = await startProbe(subject, (x) => fn(x as Input, given));
  let start = 0;
  for (const [document, length] of lengths.entries()) {
    const [first, end] = [start, (start += length)];
    await expectUnchanged((_batch, position) => position < total && (position < first || position >= end), {
      where: (_batch, position) => position >= first && position < end,
      changed: { start: first, end },
      expected: `unchanged outside document ${document} when it changes (positions ${first} to ${end - 1})`,
    });
  }
}

function checkLengths(value: readonly number[], length: number): number[] {
  const lengths = checkIntegers("assertPackedIsolation", "lengths", value, undefined, 1);
  if (lengths.length >= 2 && lengths.reduce((sum, part) => sum + part) <= length) return lengths;
  return refuse(ValueError, "assertPackedIsolation", "lengths", `at least two, with a sum up to ${length}`, `[${lengths.join(", ")}]`);
}

/** Documents of different lengths, none empty. */
function thirds(length: number): number[] {
  const parts = [Math.max(1, Math.floor(length / 4)), Math.max(1, Math.floor(length / 3))];
  return [...parts, length - parts[0]! - parts[1]!].filter((part) => part > 0);
}
