import type { Stage } from "@tfblocks/attention";
import type { RampName } from "../../color/ramps.js";

/** The stages the room draws, in their order. */
export const drawnStages = ["raw", "scaled", "masked", "probabilities"] as const satisfies readonly Stage[];
export type DrawnStage = (typeof drawnStages)[number];

/** A position in a head's map. */
export interface Cell {
  readonly query: number;
  readonly key: number;
}

/** What the reader looks at; it decides no number. */
export interface AttentionView {
  readonly head: number;
  readonly stage: DrawnStage;
  readonly pinned: Cell | undefined;
  readonly ramp: RampName;
}

export const defaultView: AttentionView = { head: 0, stage: "probabilities", pinned: { query: 7, key: 1 }, ramp: "blues" };
