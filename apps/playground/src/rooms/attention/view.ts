import type { Stage } from "@tfblocks/attention";
import type { Reach } from "../../color/color-scale.js";
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
  readonly reach: Reach;
}

export const defaultView: AttentionView = { head: 0, stage: "probabilities", pinned: { query: 1, key: 3 }, reach: "one", ramp: "blues" };
