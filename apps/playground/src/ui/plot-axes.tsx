import type { JSX } from "preact";
import { formatNumber } from "./format.js";
import { niceTicks, pixelOf, type PlotScale } from "./plot-scale.js";

interface PlotAxesProps {
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly xName: string;
  readonly yName: string;
  readonly height: number;
}

/** The rules, numbers and names of both axes. */
export function PlotAxes({ x, y, xName, yName, height }: PlotAxesProps): JSX.Element {
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

/** Formats a tick; short decimal numbers are left as they are. */
export function tick(value: number): string {
  const plain = String(value);
  return Math.abs(value) >= 1e5 || plain.length > 6 ? formatNumber(value) : plain.replace("-", "−");
}
