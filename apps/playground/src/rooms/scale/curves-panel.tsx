import type { JSX } from "preact";
import type { Answered } from "../../compute/live-result.js";
import { DataTable } from "../../ui/data-table.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { formatNumber } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import { measureWords, scoringNames } from "./measure-words.js";
import { MeasureChart, scoringSeries } from "./measure-chart.js";
import { curvesFiles } from "./scale-files.js";
import type { ScaleSettings } from "./settings.js";
import { type MeasuredPoint, measureNames, type ScalingCurves } from "./scale-picture.js";

interface CurvesPanelProps {
  readonly answered: Answered<ScaleSettings, ScalingCurves>;
  readonly headDim: number;
  readonly choose: (headDim: number) => void;
}

/** Every measure against the width of a head. */
export function CurvesPanel({ answered, headDim, choose }: CurvesPanelProps): JSX.Element {
  const { result: curves } = answered;
  return (
    <Panel
      id="curves"
      title="Theory beside measurement, by width"
      teaches="Points are measured; bars reach from the least to the most of three samples. Dashed lines are theory: exact for the variance, and for the others what they tend to when scores are small. Click a chart to choose a width."
    >
      <div class="gallery-tools">
        <CurvesLegend curves={curves} />
        <ExportMenu what="the curves" files={curvesFiles(answered)} />
      </div>
      <div class="measure-charts">
        {measureNames.map((name) => (
          <MeasureChart key={name} name={name} curves={curves} headDim={headDim} choose={choose} />
        ))}
      </div>
      <details>
        <summary>The numbers</summary>
        <CurvesTable curves={curves} />
      </details>
      <p class="hint">
        {curves.draws} queries for each of the seeds {curves.seeds.join(", ")}. A narrow head has the first numbers of the vectors of a wide
        one, so that curves differ by their settings and not by their draws.
      </p>
    </Panel>
  );
}

function CurvesLegend({ curves }: { readonly curves: ScalingCurves }): JSX.Element {
  return (
    <div class="plot-reading">
      {curves.curves.map(({ scoring }) => (
        <span key={scoring} class="plot-key">
          <svg width="26" height="10" aria-hidden="true">
            <path class={`measured-line series-${scoringSeries[scoring]}`} d="M1 5H25" />
            <circle class={`plot-dot series-${scoringSeries[scoring]}`} cx="13" cy="5" r="3" />
          </svg>
          {scoringNames[scoring]}
        </span>
      ))}
      <span class="plot-key">
        <svg width="26" height="10" aria-hidden="true">
          <path class="theory-line series-5" d="M1 5H25" />
        </svg>
        theory
      </span>
    </div>
  );
}

function CurvesTable({ curves: { curves, headDims } }: { readonly curves: ScalingCurves }): JSX.Element {
  return (
    <DataTable
      label="Measures by width of the head"
      columns={["dₖ", "scores", ...measureNames.map((name) => measureWords[name].title), "Variance, theory"]}
      kind="numbers"
      height="tall"
    >
      {headDims.flatMap((dim, at) =>
        curves.map(({ scoring, measured, theory }) => (
          <tr key={`${dim}-${scoring}`}>
            <th scope="row">{dim}</th>
            <td>{scoringNames[scoring]}</td>
            {measureNames.map((name) => (
              <td key={name}>{shown(measured[name][at] ?? null)}</td>
            ))}
            <td>{formatNumber(theory.scoreVariance[at] ?? Number.NaN)}</td>
          </tr>
        )),
      )}
    </DataTable>
  );
}

function shown(point: MeasuredPoint | null): string {
  return point === null ? "–" : formatNumber(point.mean);
}
