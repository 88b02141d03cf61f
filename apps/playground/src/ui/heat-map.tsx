import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ColorScale } from "../color/color-scale.js";
import { fitCell } from "./axis-labels.js";
import { drawHeatMap, type HeatMapData } from "./draw-heat-map.js";
import { mapColors } from "./map-colors.js";
import { tone } from "./theme.js";
import { TokenAxis } from "./token-axis.js";
import { useWidth } from "./use-width.js";

/** A cell of a map: a query (row) and a key (column). */
export interface Cell {
  readonly query: number;
  readonly key: number;
}

/** The cell under the pointer and the position of the pointer on the screen. */
export interface PointedCell extends Cell {
  readonly x: number;
  readonly y: number;
}

interface HeatMapProps {
  readonly data: HeatMapData;
  readonly scale: ColorScale;
  readonly queryTokens: readonly string[];
  readonly keyTokens: readonly string[];
  readonly size: "small" | "large";
  /** The cell whose row and column are highlighted. */
  readonly crosshair?: Cell | undefined;
  readonly pinned?: Cell | undefined;
  readonly onPoint?: (cell: PointedCell | undefined) => void;
  readonly onPick?: (cell: Cell) => void;
  /** Elements on top of the map, for example the focused cell. @param edge the edge of a cell in CSS pixels */
  readonly overlay?: (edge: number) => ComponentChildren;
}

const sizes = {
  small: { left: 44, right: 16, labelHeight: 12, maxCell: 18 },
  large: { left: 78, right: 40, labelHeight: 15, maxCell: 40 },
} as const;

/** A heat map of attention: rows are queries, columns are keys. */
export function HeatMap(props: HeatMapProps): JSX.Element {
  const { data, queryTokens, keyTokens, size, crosshair } = props;
  const { left, right, labelHeight, maxCell } = sizes[size];
  const [ref, width] = useWidth();
  const room = Math.max(60, width - left - right);
  const edge = fitCell(Math.max(data.columns, data.rows * 0.6), room, maxCell);
  const active = crosshair ?? (size === "large" ? props.pinned : undefined);
  return (
    <div ref={ref} class={`heat-map ${size}`}>
      <div class="heat-map-body" style={{ paddingLeft: `${left}px`, width: `${data.columns * edge + left}px` }}>
        {size === "large" && <AxisTitles />}
        <TokenAxis side="top" tokens={keyTokens} cell={edge} labelHeight={labelHeight} active={active?.key} />
        <div class="plot-row">
          <TokenAxis side="left" tokens={queryTokens} cell={edge} labelHeight={labelHeight} active={active?.query} />
          {width > 0 && <Plot {...props} edge={edge} />}
        </div>
      </div>
    </div>
  );
}

/** The names of the axes, in the corner between them. */
function AxisTitles(): JSX.Element {
  return (
    <div class="axis-titles" aria-hidden="true">
      <span>keys →</span>
      <span>queries ↓</span>
    </div>
  );
}

function Plot({ data, scale, edge, crosshair, pinned, onPoint, onPick, overlay }: HeatMapProps & { readonly edge: number }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = tone.value;
  useLayoutEffect(() => {
    if (canvas.current !== null) drawHeatMap(canvas.current, data, { cell: edge, scale, ...mapColors[paint] });
  }, [data, scale, edge, paint]);
  const cellAt = (event: PointerEvent | MouseEvent): Cell => {
    const bounds = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const within = (offset: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(offset / edge)));
    return { query: within(event.clientY - bounds.top, data.rows), key: within(event.clientX - bounds.left, data.columns) };
  };
  const point = (event: PointerEvent): void => {
    if (event.pointerType !== "touch") onPoint?.({ ...cellAt(event), x: event.clientX, y: event.clientY });
  };
  return (
    <div
      class="plot"
      style={{ width: `${data.columns * edge}px`, height: `${data.rows * edge}px` }}
      onPointerMove={point}
      onPointerLeave={() => onPoint?.(undefined)}
      onClick={(event) => onPick?.(cellAt(event))}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {crosshair && <Crosshair cell={crosshair} edge={edge} />}
      {pinned && <span class="pin-ring" style={cellBox(pinned, edge)} />}
      {overlay?.(edge)}
    </div>
  );
}

function Crosshair({ cell, edge }: { readonly cell: Cell; readonly edge: number }): JSX.Element {
  return (
    <>
      <span class="crosshair row" style={{ top: `${cell.query * edge}px`, height: `${edge}px` }} />
      <span class="crosshair column" style={{ left: `${cell.key * edge}px`, width: `${edge}px` }} />
      <span class="crosshair-cell" style={cellBox(cell, edge)} />
    </>
  );
}

/** The position and size of a cell in its map, as CSS. */
export function cellBox({ query, key }: Cell, edge: number): { top: string; left: string; width: string; height: string } {
  return { top: `${query * edge}px`, left: `${key * edge}px`, width: `${edge}px`, height: `${edge}px` };
}
