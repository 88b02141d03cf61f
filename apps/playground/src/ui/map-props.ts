import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { ColorScale } from "../color/color-scale.js";
import type { Cell, Mark } from "./cell.js";
import type { HeatMapData } from "./draw-heat-map.js";
import type { MapTokens } from "./read-map.js";

/** The properties of a heat map. */
export interface HeatMapProps extends MapTokens {
  /** What the map shows, for screen readers, for example "Weights of L0·H3". */
  readonly label: string;
  readonly data: HeatMapData;
  /** What the numbers are, for screen readers; default "weight". */
  readonly unit?: string;
  readonly scale: ColorScale;
  /** What is drawn in place of the weights, for example their shares of the largest in each row. */
  readonly drawn?: HeatMapData | undefined;
  /** What the reader points at; the map reads and writes it, as do the views that are linked with it. */
  readonly mark?: Signal<Mark | undefined>;
  readonly pinned?: Cell | undefined;
  /** Called with the cell to pin, or undefined to unpin; without it nothing can be pinned. */
  readonly onPin?: (cell: Cell | undefined) => void;
  /** Called by Page Up and Page Down with −1 and 1; without it the keys are left to the page. */
  readonly onHead?: (step: -1 | 1) => void;
  /** What the tooltip of a cell says besides tokens, weight and rank. */
  readonly more?: (cell: Cell) => ComponentChildren;
  /** What a cell says if the numbers of the map are not weights. */
  readonly words?: MapWords | undefined;
}

/** What a cell says to who looks at it and to who listens. */
interface MapWords {
  readonly tooltip: (cell: Cell) => ComponentChildren;
  readonly spoken: (cell: Cell) => string;
}

/** How a map fills its place, in CSS pixels. */
export interface MapLayout {
  readonly cell: number;
  /** The visible part of the map. */
  readonly width: number;
  readonly height: number;
}

export type MapScroll = Signal<{ readonly left: number; readonly top: number }>;

/** The properties of the cells of a heat map. */
export interface MapPlotProps extends HeatMapProps {
  readonly mark: Signal<Mark | undefined>;
  readonly layout: MapLayout;
  readonly scroll: MapScroll;
}

/** A cell, and where its tooltip is shown. */
export interface PointedCell extends Cell {
  readonly x: number;
  readonly y: number;
}
