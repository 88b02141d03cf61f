import type { JSX } from "preact";
import { linePath, niceTicks, type PlotScale, pixelOf } from "../../ui/plot-scale.js";
import { useWidth } from "../../ui/use-width.js";
import type { ScoreHistogram } from "./scale-picture.js";

const height = 180;
const edge = { left: 8, right: 8, top: 22, bottom: 36 };

/** How all scores of the sample are spread, with the normal curve that theory predicts. */
export function HistogramChart({ histogram, label }: { readonly histogram: ScoreHistogram; readonly label: string }): JSX.Element {
  const { counts, normal, reach } = histogram;
  const [ref, width] = useWidth();
  const x: PlotScale = { min: -reach, max: reach, from: edge.left, to: Math.max(edge.left + 1, width - edge.right) };
  const most = Math.max(...counts, ...(normal ?? []));
  const y: PlotScale = { min: 0, max: most, from: height - edge.bottom, to: edge.top };
  const bin = (2 * reach) / counts.length;
  const middles = Array.from(counts, (_, index) => (index + 0.5) * bin - reach);
  return (
    <div ref={ref} class="histogram-chart">
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={label}>
          <g class="plot-axes">
            <text class="plot-axis-name" x={x.from} y={12}>
              how many scores
            </text>
            {Array.from(counts, (count, index) => (
              <rect
                key={index}
                class="histogram-bar"
                x={pixelOf(x, index * bin - reach) + 0.5}
                width={Math.max(0.5, pixelOf(x, bin) - pixelOf(x, 0) - 1)}
                y={pixelOf(y, count)}
                height={y.from - pixelOf(y, count)}
              />
            ))}
            <line class="plot-zero" x1={x.from} x2={x.to} y1={y.from} y2={y.from} />
            {normal && <path class="plot-line series-1" d={linePath(middles, normal, x, y)} />}
            {niceTicks(-reach, reach, 6).map((value) => (
              <text key={value} x={pixelOf(x, value)} y={y.from + 15} text-anchor="middle">
                {String(value).replace("-", "−")}
              </text>
            ))}
            <text class="plot-axis-name" x={(x.from + x.to) / 2} y={height - 4} text-anchor="middle">
              score
            </text>
          </g>
        </svg>
      )}
    </div>
  );
}
