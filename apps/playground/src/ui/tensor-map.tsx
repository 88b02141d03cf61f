import { useSignal } from "@preact/signals";
import type { JSX, TargetedPointerEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ColorScale } from "../color/color-scale.js";
import { labelledPositions } from "./axis-labels.js";
import { drawHeatMap, type HeatMapData } from "./draw-heat-map.js";
import { formatNumber, visibleToken } from "./format.js";
import { mapColors } from "./map-colors.js";
import { stepCell } from "./step-cell.js";
import { tone } from "./theme.js";
import { useWidth } from "./use-width.js";

export interface TensorMapProps {
  /** The description for screen readers. */
  readonly label: string;
  readonly data: HeatMapData;
  readonly scale: ColorScale;
  readonly rowNames: readonly string[];
  /** What a row and a column are, for example "token" and "dimension". */
  readonly rowName: string;
  readonly columnName: string;
  /** The names of the columns; by default their numbers. */
  readonly columnNames?: readonly string[] | undefined;
  /** Whether cells are square, for example if rows and columns are positions; default false. */
  readonly square?: boolean;
}

const left = 72;
const axis = 18;
/** Above the map stand the names of both directions. */
const titleHeight = 20;
const tallest = 22;
const tallestSquare = 36;
const mapHeight = 420;
/** A square map fits into the window. */
const squareHeight = (): number => Math.max(540, innerHeight * 0.65);

/** A matrix of any shape over the full width. The pointer and the arrow keys choose the cell whose value is shown. */
export function TensorMap(props: TensorMapProps): JSX.Element {
  const { data, scale, label, rowNames, rowName, columnName, columnNames } = props;
  const { rows, columns } = data;
  const [ref, width] = useWidth();
  const chosen = useSignal<readonly [number, number]>([0, 0]);
  const [row, column] = [Math.min(chosen.value[0], rows - 1), Math.min(chosen.value[1], columns - 1)];
  const { cell, rowHeight } = cellSize(data, width, props.square === true);
  const reading = `${rowName} ${nameOf(rowNames, row)}, ${columnName} ${nameOf(columnNames, column)}: ${readValue(data, row, column)}`;
  return (
    <div class="tensor-map" ref={ref}>
      <div class="tensor-map-body" style={{ padding: `${titleHeight}px 0 ${axis}px ${left}px` }}>
        <div class="map-titles" style={{ "--names": `${left - 6}px` }} aria-hidden="true">
          <span>{rowName} ↓</span>
          <span>{columnName} →</span>
        </div>
        <RowNames names={rowNames} height={rowHeight} />
        {width > 0 && (
          <MapPlot
            label={`${label}: ${rows} by ${columns}. ${reading}`}
            look={{ cell, rowHeight, scale }}
            data={data}
            chosen={[row, column]}
            choose={(next) => (chosen.value = next)}
          />
        )}
        <ColumnNumbers count={columns} cell={cell} names={columnNames} />
      </div>
      <p class="map-reading" aria-live="polite">
        {reading}
      </p>
    </div>
  );
}

/** The width and height of a cell in CSS pixels. */
function cellSize({ rows, columns }: HeatMapData, width: number, square: boolean): { readonly cell: number; readonly rowHeight: number } {
  const fitting = Math.max(0.5, (width - left - 2) / columns);
  const edge = Math.min(fitting, tallestSquare, squareHeight() / rows);
  if (square) return { cell: edge, rowHeight: edge };
  return { cell: Math.min(40, fitting), rowHeight: Math.max(2, Math.min(tallest, Math.floor(mapHeight / rows))) };
}

interface MapPlotProps {
  readonly label: string;
  readonly data: HeatMapData;
  readonly look: { readonly cell: number; readonly rowHeight: number; readonly scale: ColorScale };
  readonly chosen: readonly [row: number, column: number];
  readonly choose: (cell: readonly [row: number, column: number]) => void;
}

/** The canvas of a map with a frame around the chosen cell. */
function MapPlot({ label, data, look: { cell, rowHeight, scale }, chosen: [row, column], choose }: MapPlotProps): JSX.Element {
  const { rows, columns } = data;
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = tone.value;
  useLayoutEffect(() => {
    if (canvas.current !== null) drawHeatMap(canvas.current, data, { cell, rowHeight, scale, ...mapColors[paint] });
  }, [data, scale, cell, rowHeight, paint]);
  const onPointer = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const place = event.currentTarget.getBoundingClientRect();
    const within = (offset: number, size: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(offset / size)));
    choose([within(event.clientY - place.top, rowHeight, rows), within(event.clientX - place.left, cell, columns)]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    const next = stepCell(event.key, event.ctrlKey, row, column, rows, columns);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
  };
  return (
    <div
      class="tensor-map-plot"
      style={{ width: `${columns * cell}px`, height: `${rows * rowHeight}px` }}
      role="application"
      tabIndex={0}
      aria-label={label}
      aria-roledescription="map of numbers; use the arrow keys to read its cells"
      onPointerMove={onPointer}
      onPointerDown={onPointer}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <span
        class="crosshair-cell"
        style={{ top: `${row * rowHeight}px`, left: `${column * cell}px`, width: `${Math.max(2, cell)}px`, height: `${rowHeight}px` }}
      />
    </div>
  );
}

function RowNames({ names, height }: { readonly names: readonly string[]; readonly height: number }): JSX.Element {
  return (
    <div class="map-rows" style={{ top: `${titleHeight}px` }} aria-hidden="true">
      {labelledPositions(names.length, height, 15).map((position) => (
        <span key={position} style={{ top: `${(position + 0.5) * height}px` }} title={visibleToken(names[position]!)}>
          <bdi>{visibleToken(names[position]!)}</bdi>
        </span>
      ))}
    </div>
  );
}

function ColumnNumbers({
  count,
  cell,
  names,
}: {
  readonly count: number;
  readonly cell: number;
  readonly names: readonly string[] | undefined;
}): JSX.Element {
  return (
    <div class="map-columns" style={{ left: `${left}px` }} aria-hidden="true">
      {labelledPositions(count, cell, names === undefined ? 30 : widthOf(names)).map((position) => (
        <span key={position} style={{ left: `${(position + 0.5) * cell}px` }}>
          <bdi>{names === undefined ? position : visibleToken(names[position]!)}</bdi>
        </span>
      ))}
    </div>
  );
}

/** The width of the longest name in pixels, limited to that of a shortened name. */
function widthOf(names: readonly string[]): number {
  return Math.min(46, 12 + 8 * Math.max(0, ...names.map((name) => visibleToken(name).length)));
}

function nameOf(names: readonly string[] | undefined, index: number): string {
  const name = names?.[index];
  if (name === undefined || name === String(index)) return String(index);
  return `“${visibleToken(name)}” (${index})`;
}

function readValue({ columns, values, allowed }: HeatMapData, row: number, column: number): string {
  const cell = row * columns + column;
  return allowed?.[cell] === 0 ? "masked" : formatNumber(values[cell] ?? Number.NaN);
}
