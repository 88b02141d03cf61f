import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ColorScale } from "../color/color-scale.js";
import { parseHex, type Rgb } from "../color/oklab.js";
import type { Tone } from "../color/ramps.js";
import { fitCell } from "./axis-labels.js";
import { drawHeatMap, type HeatMapData } from "./draw-heat-map.js";
import { tone } from "./theme.js";
import { TokenAxis } from "./token-axis.js";
import { useWidth } from "./use-width.js";

/** A place in a map. */
export interface MapCell {
  readonly row: number;
  readonly column: number;
}

/** Where the pointer is, in the map and on the screen. */
interface PointedCell extends MapCell {
  readonly x: number;
  readonly y: number;
}

interface HeatMapProps {
  readonly data: HeatMapData;
  readonly scale: ColorScale;
  readonly rowTokens: readonly string[];
  readonly columnTokens: readonly string[];
  readonly size: "small" | "large";
  /** Row and column to stress. */
  readonly crosshair: MapCell | undefined;
  readonly pinned: MapCell | undefined;
  readonly onPoint: (cell: PointedCell | undefined) => void;
  readonly onPick?: (cell: MapCell) => void;
  /** What lies over the map, such as the focused cell; it is given the edge of a cell. */
  readonly overlay?: (cell: number) => ComponentChildren;
}

const sizes = {
  small: { left: 44, right: 16, labelHeight: 12, mostCell: 18 },
  large: { left: 78, right: 40, labelHeight: 15, mostCell: 40 },
} as const;

/** A matrix of numbers over tokens: rows are queries, columns are keys. */
export function HeatMap(props: HeatMapProps): JSX.Element {
  const { data, rowTokens, columnTokens, size, crosshair } = props;
  const { left, right, labelHeight, mostCell } = sizes[size];
  const [ref, width] = useWidth();
  const room = Math.max(60, width - left - right);
  const cell = fitCell(Math.max(data.columns, data.rows * 0.6), room, mostCell);
  const active = crosshair ?? (size === "large" ? props.pinned : undefined);
  return (
    <div ref={ref} class={`heat-map ${size}`}>
      <div class="heat-map-body" style={{ paddingLeft: `${left}px`, width: `${data.columns * cell + left}px` }}>
        {size === "large" && <AxisTitles />}
        <TokenAxis side="top" tokens={columnTokens} cell={cell} labelHeight={labelHeight} active={active?.column} />
        <div class="plot-row">
          <TokenAxis side="left" tokens={rowTokens} cell={cell} labelHeight={labelHeight} active={active?.row} />
          {width > 0 && <Plot {...props} cell={cell} crosshair={crosshair} />}
        </div>
      </div>
    </div>
  );
}

/** In the corner between the axes: which is which. */
function AxisTitles(): JSX.Element {
  return (
    <div class="axis-titles" aria-hidden="true">
      <span>keys →</span>
      <span>queries ↓</span>
    </div>
  );
}

function Plot({ data, scale, cell, crosshair, pinned, onPoint, onPick, overlay }: HeatMapProps & { readonly cell: number }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = tone.value;
  useLayoutEffect(() => {
    if (canvas.current !== null) drawHeatMap(canvas.current, data, { cell, scale, ...surroundings[paint] });
  }, [data, scale, cell, paint]);
  const cellAt = (event: PointerEvent | MouseEvent): MapCell => {
    const edge = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const within = (offset: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(offset / cell)));
    return { row: within(event.clientY - edge.top, data.rows), column: within(event.clientX - edge.left, data.columns) };
  };
  const point = (event: PointerEvent): void => {
    if (event.pointerType !== "touch") onPoint({ ...cellAt(event), x: event.clientX, y: event.clientY });
  };
  return (
    <div
      class="plot"
      style={{ width: `${data.columns * cell}px`, height: `${data.rows * cell}px` }}
      onPointerMove={point}
      onPointerLeave={() => onPoint(undefined)}
      onClick={(event) => onPick?.(cellAt(event))}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {crosshair && <Crosshair at={crosshair} cell={cell} />}
      {pinned && <span class="pin-ring" style={box(pinned, cell)} />}
      {overlay?.(cell)}
    </div>
  );
}

function Crosshair({ at, cell }: { readonly at: MapCell; readonly cell: number }): JSX.Element {
  return (
    <>
      <span class="crosshair row" style={{ top: `${at.row * cell}px`, height: `${cell}px` }} />
      <span class="crosshair column" style={{ left: `${at.column * cell}px`, width: `${cell}px` }} />
      <span class="crosshair-cell" style={box(at, cell)} />
    </>
  );
}

/** Where a cell lies in its map. */
export function box({ row, column }: MapCell, cell: number): { top: string; left: string; width: string; height: string } {
  return { top: `${row * cell}px`, left: `${column * cell}px`, width: `${cell}px`, height: `${cell}px` };
}

/** Masked cells and gaps on each ground. */
export const surroundings: Record<Tone, { readonly masked: readonly [Rgb, Rgb]; readonly gap: Rgb }> = {
  light: { masked: [parseHex("#e9e7e1"), parseHex("#b9b5aa")], gap: parseHex("#ffffff") },
  dark: { masked: [parseHex("#2a2a2c"), parseHex("#57565a")], gap: parseHex("#121319") },
};
