import type { RampName } from "@tfblocks/analysis/colors";
import type { WeightRange } from "../../color/color-scale.js";
import type { Cell } from "../../ui/cell.js";
import type { LensMeasure } from "../../ui/lens-chart.js";
import type { StripSide } from "../../ui/token-strip.js";
import { defaultLook } from "../../ui/weight-look.js";
import type { MapStage } from "./map-stages.js";

export const sorts = ["layer", "metric", "label", "similarity"] as const;
/** The order of the heads. */
export type Sort = (typeof sorts)[number];

/** The badge of a head: the score of its label. */
export const labelScore = "label";

/** The pinned cell: chosen by the reader, none, or by default the strongest one of the head. */
export type Pin = Cell | "none" | "strongest";

/** What the reader looks at in this room; model, text and head are those of the workspace. */
export interface ExploreView {
  readonly sort: Sort;
  /** The metric of the badges, by which heads can be sorted, or `labelScore`. */
  readonly metric: string;
  /** Whether heads are a grid, or points in the plane. */
  readonly shows: "grid" | "plane";
  readonly ramp: RampName;
  readonly range: WeightRange;
  readonly pin: Pin;
  /** What the large map shows. */
  readonly stage: MapStage;
  /** The position whose prediction is read; −1 is the last one. */
  readonly position: number;
  readonly temperature: number;
  /** Whether the token strip shows the row or the column of a token. */
  readonly side: StripSide;
  readonly measure: LensMeasure;
  /** The layer that is read in the lens; −1 is the last one. */
  readonly lensLayer: number;
}

export const defaultView: ExploreView = {
  sort: "layer",
  metric: labelScore,
  shows: "grid",
  ...defaultLook,
  pin: "strongest",
  stage: "weights",
  position: -1,
  temperature: 1,
  side: "query",
  measure: "top",
  lensLayer: -1,
};
