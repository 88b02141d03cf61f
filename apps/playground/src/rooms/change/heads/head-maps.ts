import type { Outcome } from "../../../compute/outcome.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import type { HeadReading } from "../../../reading/readings.js";

/** The map of a head without the edits and with them. */
export interface HeadMaps {
  readonly before: HeadReading;
  readonly after: HeadReading;
}

/** Reads a head without the edits and with them. */
export async function readMaps(
  input: ReadingInput,
  read: (input: ReadingInput) => Promise<Outcome<HeadReading>>,
): Promise<Outcome<HeadMaps>> {
  const before = await read({ ...input, edits: [] });
  if (!before.ok) return before;
  const after = input.edits.length === 0 ? before : await read(input);
  return after.ok ? { ok: true, result: { before: before.result, after: after.result } } : after;
}

/** The change of each weight, row-major. */
export function weightChanges({ before, after }: HeadMaps): Float32Array {
  return after.map.values.map((weight, cell) => weight - before.map.values[cell]!);
}

/** The largest size of a change. */
export function largestChange(changes: Float32Array): number {
  return changes.reduce((most, change) => Math.max(most, Math.abs(change)), 0);
}
