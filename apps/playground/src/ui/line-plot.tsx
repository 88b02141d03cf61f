import { useSignal } from "@preact/signals";
import type { JSX, TargetedPointerEvent } from "preact";
import { formatNumber } from "./format.js";
import { linePath, nearestIndex, niceTicks, pixelOf, type PlotScale, spanOf, valueAt } from "./plot-scale.js";
import { useWidth } from "./use-width.js";

/** A line of a plot. */
interface PlotLine {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** The index of its colour and dash pattern, 0 to 7. */
  readonly series: number;
  readonly faint?: boolean;
}

interface LinePlotProps {
  /** The description for screen readers. */
  readonly label: string;
  readonly xName: string;
  readonly yName: string;
  /** Ascending. */
  readonly xs: ArrayLike<number>;
  readonly lines: readonly PlotLine[];
  /** The x whose values are shown until the reader points at another one. */
  readonly start?: number;
  /** The range of the y axis; by default that of the lines, extended to include 0. */
  readonly span?: readonly [number, number] | undefined;
}

const height = 240;
const edge = { left: 46, right: 18, top: 26, bottom: 38 };
const seriesCount = 8;

/** Lines over a common x axis. The pointer and the arrow keys choose the x whose values are shown. */
export function LinePlot(props: LinePlotProps): JSX.Element {
  const { xs, lines, label, xName, start = 0 } = props;
  const [ref, width] = useWidth();
  const chosen = useSignal<number | undefined>(undefined);
  const [yMin, yMax] = props.span ?? spanOf(lines.map(({ values }) => values));
  const x: PlotScale = {
    min: xs[0] ?? 0,
    max: xs[xs.length - 1] ?? 1,
    from: edge.left,
    to: Math.max(edge.left + 1, width - edge.right),
  };
  const y: PlotScale = { min: yMin, max: yMax, from: height - edge.bottom, to: edge.top };
  const at = Math.min(chosen.value ?? nearestIndex(xs, start), Math.max(0, xs.length - 1));
  const reading = `${xName} ${tick(xs[at] ?? 0)}: ${lines.map(({ name, values }) => `${name} ${formatNumber(values[at] ?? Number.NaN)}`).join(", ")}`;
  const onPointer = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const pixel = event.clientX - event.currentTarget.getBoundingClientRect().left;
    chosen.value = nearestIndex(xs, valueAt(x, pixel));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at + 10, PageDown: at - 10, Home: 0, End: xs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    chosen.value = Math.min(xs.length - 1, Math.max(0, next));
  };
  return (
    <div class="line-plot">
      <div
        ref={ref}
        class="line-plot-area"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, xs.length - 1)}
        aria-valuenow={at}
        aria-valuetext={reading}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onKeyDown={onKeyDown}
      >
        {width > 0 && <Lines width={width} x={x} y={y} xs={xs} at={at} lines={lines} xName={xName} yName={props.yName} />}
      </div>
      <Reading xName={xName} x={xs[at] ?? 0} lines={lines} at={at} />
    </div>
  );
}

interface LinesProps extends Pick<LinePlotProps, "xs" | "lines" | "xName" | "yName"> {
  readonly width: number;
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly at: number;
}

/** The axes, the lines, and the cursor at the chosen x. */
function Lines({ width, x, y, xs, at, lines, xName, yName }: LinesProps): JSX.Element {
  const cursor = pixelOf(x, xs[at] ?? 0);
  return (
    <svg width={width} height={height} aria-hidden="true">
      <Axes x={x} y={y} xName={xName} yName={yName} />
      <line class="plot-cursor" x1={cursor} x2={cursor} y1={edge.top} y2={height - edge.bottom} />
      {lines.map(({ name, values, series, faint }) => (
        <path key={name} class={`plot-line series-${series % seriesCount}${faint ? " faint" : ""}`} d={linePath(xs, values, x, y)} />
      ))}
      {lines.map(({ name, values, series }) => (
        <Dot key={name} series={series} x={cursor} y={pixelOf(y, values[at] ?? Number.NaN)} />
      ))}
    </svg>
  );
}

function Axes({
  x,
  y,
  xName,
  yName,
}: {
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly xName: string;
  readonly yName: string;
}): JSX.Element {
  return (
    <g class="plot-axes">
      {niceTicks(y.min, y.max, 4).map((value) => (
        <g key={value}>
          <line class={value === 0 ? "plot-zero" : "plot-rule"} x1={x.from} x2={x.to} y1={pixelOf(y, value)} y2={pixelOf(y, value)} />
          <text x={x.from - 6} y={pixelOf(y, value)} text-anchor="end" dominant-baseline="middle">
            {tick(value)}
          </text>
        </g>
      ))}
      {niceTicks(x.min, x.max, (x.to - x.from) / 80).map((value) => (
        <text key={value} x={pixelOf(x, value)} y={y.from + 14} text-anchor="middle">
          {tick(value)}
        </text>
      ))}
      <text class="plot-axis-name" x={(x.from + x.to) / 2} y={height - 5} text-anchor="middle">
        {xName}
      </text>
      <text class="plot-axis-name" x={x.from} y={12}>
        {yName}
      </text>
    </g>
  );
}

function Dot({ series, x, y }: { readonly series: number; readonly x: number; readonly y: number }): JSX.Element | null {
  return Number.isFinite(y) ? <circle class={`plot-dot series-${series % seriesCount}`} cx={x} cy={y} r="3.5" /> : null;
}

/** The legend of the lines with their values at the cursor. */
function Reading({
  xName,
  x,
  lines,
  at,
}: {
  readonly xName: string;
  readonly x: number;
  readonly lines: readonly PlotLine[];
  readonly at: number;
}): JSX.Element {
  return (
    <div class="plot-reading">
      <span class="plot-reading-x">
        {xName} {tick(x)}
      </span>
      {lines.map(({ name, values, series }) => (
        <span key={name} class="plot-key">
          <svg width="26" height="10" aria-hidden="true">
            <path class={`plot-line series-${series % seriesCount}`} d="M1 5H25" />
          </svg>
          {name} <strong>{formatNumber(values[at] ?? Number.NaN)}</strong>
        </span>
      ))}
    </div>
  );
}

/** Formats a tick; short decimal numbers are left as they are. */
function tick(value: number): string {
  const plain = String(value);
  return Math.abs(value) >= 1e5 || plain.length > 6 ? formatNumber(value) : plain.replace("-", "−");
}
