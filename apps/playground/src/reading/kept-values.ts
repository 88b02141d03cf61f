import type { Tensor } from "@tensorflow/tfjs-core";
import { type Edit, editSite, inputOf, outputOf, withEdits } from "@tfblocks/analysis/models";
import { hold, scope } from "@tfblocks/tensor-utils";
import { hiddenStates } from "./model-texts.js";
import type { Run } from "./run.js";

/** What a part of a model reads or what it writes; `part` is its dotted name. */
export interface PartSide {
  readonly part: string;
  readonly side: "input" | "output";
}

/** A tensor that a part has read or written. */
export interface KeptValue extends PartSide {
  readonly value: Tensor;
}

/**
 * Runs the model of a run once more and keeps what some of its parts read and write.
 *
 * @param read receives the tensors in the order of the computation; they are freed after it
 */
export async function withKeptValues<Result>(
  run: Run,
  places: readonly PartSide[],
  read: (kept: readonly KeptValue[]) => Promise<Result>,
): Promise<Result> {
  const kept: KeptValue[] = [];
  const edits = places.map((place) => keeping(place, kept));
  try {
    scope(() => void hiddenStates(withEdits(run.model, edits), run.tensors));
    return await read(kept);
  } finally {
    for (const { value } of kept) value.dispose();
  }
}

/** An edit that changes nothing, and keeps what it sees. */
function keeping({ part, side }: PartSide, kept: KeptValue[]): Edit {
  return editSite("withKeptValues", side === "input" ? inputOf(part) : outputOf(part), (value) => {
    kept.push({ part, side, value: hold(value) });
    return value;
  });
}
