import type { JSX } from "preact";
import { formatNumber } from "./format.js";
import { tick } from "./plot-axes.js";
import { lineClass, type PlotLine } from "./plot-line.js";
import { valueNear } from "./plot-scale.js";

interface PlotReadingProps {
  readonly xName: string;
  readonly x: number;
  readonly xs: ArrayLike<number>;
  readonly lines: readonly PlotLine[];
}

/** The legend of the lines with their values at an x. */
export function PlotReading({ xName, x, xs, lines }: PlotReadingProps): JSX.Element {
  return (
    <div class="plot-reading">
      <span class="plot-reading-x">
        {xName} {tick(x)}
      </span>
      {lines.map((line) => (
        <span key={line.name} class="plot-key">
          <svg width="26" height="10" aria-hidden="true">
            <path class={lineClass(line)} d="M1 5H25" />
          </svg>
          {line.name} <strong>{readLine(line, xs, x)}</strong>
        </span>
      ))}
    </div>
  );
}

/** The same in words. */
export function readPlot({ xName, x, xs, lines }: PlotReadingProps): string {
  const values = lines.map((line) => `${line.name} ${readLine(line, xs, x)}`);
  return `${xName} ${tick(x)}: ${values.join(", ")}`;
}

/** The value of a line at an x; a dash where it has none. */
function readLine(line: PlotLine, xs: ArrayLike<number>, x: number): string {
  const value = valueNear(line.xs ?? xs, line.values, x);
  return Number.isNaN(value) ? "–" : formatNumber(value);
}
