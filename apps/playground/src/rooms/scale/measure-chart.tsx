import type { JSX } from "preact";
import { formatNumber } from "../../ui/format.js";
import { linePath, niceTicks, type PlotScale, pixelOf } from "../../ui/plot-scale.js";
import { useWidth } from "../../ui/use-width.js";
import { measureWords, scoringNames } from "./measure-words.js";
import type { MeasuredPoint, MeasureName, ScalingCurve, ScalingCurves } from "./scale-picture.js";

const height = 190;
const edge = { left: 44, right: 16, top: 12, bottom: 34 };

/** The series of each way to score, which fixes its colour. */
export const scoringSeries: Readonly<Record<ScalingCurve["scoring"], number>> = { chosen: 0, none: 1, "1/sqrt(d)": 2 };

interface MeasureChartProps {
  readonly name: MeasureName;
  readonly curves: ScalingCurves;
  /** The chosen width, which is marked. */
  readonly headDim: number;
  readonly choose: (headDim: number) => void;
}

/** One measure against the width of a head: measured points with their spread, and theory as dashed lines. Clicking chooses a width. */
export function MeasureChart({ name, curves, headDim, choose }: MeasureChartProps): JSX.Element {
  const { title, meaning } = measureWords[name];
  const [ref, width] = useWidth();
  const xs = curves.headDims.map(Math.log2);
  const x: PlotScale = { min: xs[0]!, max: xs.at(-1)!, from: edge.left, to: Math.max(edge.left + 1, width - edge.right) };
  const y = yScale(name, curves);
  const onClick = (event: MouseEvent): void => {
    const pixel = event.clientX - (event.currentTarget as Element).getBoundingClientRect().left;
    const distances = xs.map((value) => Math.abs(pixelOf(x, value) - pixel));
    choose(curves.headDims[distances.indexOf(Math.min(...distances))]!);
  };
  return (
    <figure class="measure-chart">
      <figcaption>
        <strong>{title}</strong> {meaning}
      </figcaption>
      <div ref={ref} style={{ height: `${height}px` }}>
        {width > 0 && (
          <svg width={width} height={height} role="img" aria-label={spoken(name, curves, headDim)} onClick={onClick}>
            <Axes x={x} y={y} headDims={curves.headDims} />
            <line
              class="plot-cursor"
              x1={pixelOf(x, Math.log2(headDim))}
              x2={pixelOf(x, Math.log2(headDim))}
              y1={edge.top}
              y2={y.scale.from}
            />
            {curves.curves.map((curve) => (
              <CurveMarks key={curve.scoring} curve={curve} name={name} xs={xs} x={x} y={y} />
            ))}
          </svg>
        )}
      </div>
    </figure>
  );
}

/** A y axis; on a logarithmic one, numbers are placed by their logarithm. */
interface YAxis {
  readonly scale: PlotScale;
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

function yScale(name: MeasureName, { curves }: ScalingCurves): YAxis {
  const { axis, most } = measureWords[name];
  const values = curves.flatMap(({ measured, theory }) => [
    ...measured[name].flatMap((point) => (point === null ? [] : [point.least, point.most])),
    ...theory[name].filter((value) => value !== null),
  ]);
  const pixels = { from: height - edge.bottom, to: edge.top };
  if (axis === "linear") {
    const scale = { min: 0, max: most ?? Math.max(...values, 1e-6) * 1.05, ...pixels };
    return { scale, place: (value) => pixelOf(scale, value), ticks: niceTicks(0, scale.max, 4) };
  }
  const logs = values.filter((value) => value > 0).map(Math.log10);
  const scale = { min: Math.floor(Math.min(...logs, 0)), max: Math.ceil(Math.max(...logs, 0.01)), ...pixels };
  const ticks = Array.from({ length: scale.max - scale.min + 1 }, (_, index) => 10 ** (scale.min + index));
  return { scale, place: (value) => pixelOf(scale, value > 0 ? Math.max(scale.min, Math.log10(value)) : scale.min), ticks };
}

function Axes({ x, y, headDims }: { readonly x: PlotScale; readonly y: YAxis; readonly headDims: readonly number[] }): JSX.Element {
  const shown = headDims.filter((_, index) => x.to - x.from > 240 || index % 2 === 0);
  return (
    <g class="plot-axes">
      {y.ticks.map((value) => (
        <g key={value}>
          <line class={value === 0 ? "plot-zero" : "plot-rule"} x1={x.from} x2={x.to} y1={y.place(value)} y2={y.place(value)} />
          <text x={x.from - 6} y={y.place(value)} text-anchor="end" dominant-baseline="middle">
            {value >= 1000 ? value.toExponential(0).replace("+", "") : String(value)}
          </text>
        </g>
      ))}
      {shown.map((dim) => (
        <text key={dim} x={pixelOf(x, Math.log2(dim))} y={y.scale.from + 14} text-anchor="middle">
          {dim}
        </text>
      ))}
      <text class="plot-axis-name" x={(x.from + x.to) / 2} y={height - 4} text-anchor="middle">
        dₖ
      </text>
    </g>
  );
}

interface CurveMarksProps {
  readonly curve: ScalingCurve;
  readonly name: MeasureName;
  readonly xs: readonly number[];
  readonly x: PlotScale;
  readonly y: YAxis;
}

function CurveMarks({ curve: { scoring, measured, theory }, name, xs, x, y }: CurveMarksProps): JSX.Element {
  const series = `series-${scoringSeries[scoring]}`;
  const pixels: PlotScale = { min: 0, max: 1, from: 0, to: 1 };
  const placed = (values: readonly (number | null)[]): number[] => values.map((value) => (value === null ? Number.NaN : y.place(value)));
  return (
    <g>
      <path class={`theory-line ${series}`} d={linePath(xs, placed(theory[name]), x, pixels)} />
      <path class={`measured-line ${series}`} d={linePath(xs, placed(measured[name].map((point) => point?.mean ?? null)), x, pixels)} />
      {measured[name].map((point, index) => point && <Point key={index} point={point} cx={pixelOf(x, xs[index]!)} y={y} series={series} />)}
    </g>
  );
}

function Point({
  point: { mean, least, most },
  cx,
  y,
  series,
}: {
  readonly point: MeasuredPoint;
  readonly cx: number;
  readonly y: YAxis;
  readonly series: string;
}): JSX.Element {
  return (
    <>
      <line class={`measured-spread ${series}`} x1={cx} x2={cx} y1={y.place(least)} y2={y.place(most)} />
      <circle class={`plot-dot ${series}`} cx={cx} cy={y.place(mean)} r="3" />
    </>
  );
}

function spoken(name: MeasureName, { headDims, curves }: ScalingCurves, headDim: number): string {
  const at = headDims.indexOf(headDim);
  const values = curves.map(({ scoring, measured }) => `${scoringNames[scoring]} ${formatNumber(measured[name][at]?.mean ?? Number.NaN)}`);
  return `${measureWords[name].title} against the width of a head; at width ${headDim}: ${values.join(", ")}. The numbers are in the table below.`;
}
