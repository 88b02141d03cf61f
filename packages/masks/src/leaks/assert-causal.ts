import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, checkInteger } from "@tfblocks/tensor-utils";
import { checkArray } from "../check.js";
import { type Probed, startProbe } from "./probe.js";
import { type LeakOptions, leakOptionNames, type ProbeInput, readSubject } from "./subject.js";

const mostCuts = 32;

/**
 * Checks by perturbation that no output position depends on a later input position: when the inputs from position t on
 * change, the outputs before t must stay equal. Checks each t, or 32 evenly spaced ones, or those in `positions`.
 *
 * ```ts
 * await assertCausal((x) => block.apply(x, { mask: masks.causal() }), { shape: [2, 8, 16] });
 * ```
 *
 * @param fn `[batch, length, ...]` to `[batch, length, ...]`; its output is disposed
 * @throws LeakError (a PropertyError) with the counterexample; PropertyError when fn is not deterministic;
 *   ShapeError, ValueError, DTypeError for arguments or an output that cannot be checked
 */
export async function assertCausal<Input extends Tensor = Tensor>(
  fn: (x: Input) => Tensor | Promise<Tensor>,
  input: ProbeInput,
  options: LeakOptions & { readonly positions?: readonly number[] } = {},
): Promise<void> {
  checkOptions("assertCausal", options, { ...leakOptionNames, positions: true });
  const subject = await readSubject("assertCausal", input, options);
  const { length } = subject;
  const cuts = options.positions === undefined ? spread(length) : checkPositions(options.positions, length);
  const expectUnchanged = await startProbe(subject, fn as Probed);
  for (const cut of cuts) {
    await expectUnchanged((_batch, position) => position < cut, {
      where: (_batch, position) => position >= cut,
      changed: { start: cut, end: length },
      expected: `unchanged before position ${cut} when the input changes from there on`,
    });
  }
}

function checkPositions(value: readonly number[], length: number): number[] {
  const positions = checkArray("assertCausal", "positions", value);
  positions.forEach((position, index) => checkInteger("assertCausal", `positions[${index}]`, position, 1, length - 1));
  return positions;
}

function spread(length: number): number[] {
  const count = Math.min(length - 1, mostCuts);
  return Array.from({ length: count }, (_cut, index) => 1 + Math.floor((index * (length - 1)) / count));
}
