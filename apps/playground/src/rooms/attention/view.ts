import type { Stage } from "@tfblocks/attention";
import type { WeightRange } from "../../color/color-scale.js";
import type { RampName } from "@tfblocks/analysis/colors";
import type { Cell } from "../../ui/heat-map.js";

/** The stages that the room shows, in order. */
export const drawnStages = ["raw", "scaled", "masked", "probabilities"] as const satisfies readonly Stage[];
export type DrawnStage = (typeof drawnStages)[number];

/** What the reader looks at; it does not change any number. */
export interface AttentionView {
  readonly head: number;
  readonly stage: DrawnStage;
  readonly pinned: Cell | undefined;
  readonly ramp: RampName;
  readonly range: WeightRange;
}

export const defaultView: AttentionView = { head: 0, stage: "probabilities", pinned: { query: 1, key: 3 }, range: "one", ramp: "blues" };
