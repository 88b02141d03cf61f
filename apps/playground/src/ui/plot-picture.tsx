import type { JSX } from "preact";
import { lineClass, type PlotLine, type PlotMark, seriesCount } from "./plot-line.js";
import { PlotAxes } from "./plot-axes.js";
import { linePath, pixelOf, type PlotScale, valueNear } from "./plot-scale.js";

export const plotHeight = 240;
export const plotEdge = { left: 46, right: 18, top: 26, bottom: 38 };

interface PlotPictureProps {
  readonly width: number;
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly xs: ArrayLike<number>;
  readonly lines: readonly PlotLine[];
  readonly marks: readonly PlotMark[];
  /** The x that is read. */
  readonly at: number;
  readonly xName: string;
  readonly yName: string;
}

/** The axes, the marks, the lines, and the cursor at the x that is read. */
export function PlotPicture({ width, x, y, xs, lines, marks, at, xName, yName }: PlotPictureProps): JSX.Element {
  const cursor = pixelOf(x, at);
  return (
    <svg width={width} height={plotHeight} viewBox={`0 0 ${width} ${plotHeight}`} aria-hidden="true">
      <PlotAxes x={x} y={y} xName={xName} yName={yName} height={plotHeight} />
      <Marks marks={marks} x={x} y={y} />
      <line class="plot-cursor" x1={cursor} x2={cursor} y1={plotEdge.top} y2={plotHeight - plotEdge.bottom} />
      {lines.map((line) => (
        <path key={line.name} class={lineClass(line)} d={linePath(line.xs ?? xs, line.values, x, y)} />
      ))}
      {lines.map((line) => (
        <Dot key={line.name} line={line} x={cursor} y={pixelOf(y, valueNear(line.xs ?? xs, line.values, at))} />
      ))}
    </svg>
  );
}

function Dot({
  line: { series, faint = false },
  x,
  y,
}: {
  readonly line: PlotLine;
  readonly x: number;
  readonly y: number;
}): JSX.Element | null {
  return Number.isFinite(y) && !faint ? <circle class={`plot-dot series-${series % seriesCount}`} cx={x} cy={y} r="3.5" /> : null;
}

/** A flag at each x at which something happened. */
function Marks({ marks, x, y }: { readonly marks: readonly PlotMark[]; readonly x: PlotScale; readonly y: PlotScale }): JSX.Element {
  return (
    <g class="plot-marks">
      {[...new Set(marks.map((mark) => mark.x))].map((each) => (
        <g key={each}>
          <title>{marks.flatMap((mark) => (mark.x === each ? [mark.text] : [])).join("; ")}</title>
          <line x1={pixelOf(x, each)} x2={pixelOf(x, each)} y1={y.to - 6} y2={y.from} />
          <path d={`M${pixelOf(x, each)} ${y.to - 8}l7 3.5l-7 3.5z`} />
        </g>
      ))}
    </g>
  );
}
