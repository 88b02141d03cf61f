import type { Summary } from "@tfblocks/analysis/scaling";
import type { JSX } from "preact";
import type { Answered } from "../../compute/live-result.js";
import { DataTable } from "../../ui/data-table.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { formatNumber } from "../../ui/format.js";
import { KeyBars } from "../../ui/key-bars.js";
import { Term } from "../../ui/term.js";
import { Panel } from "../../ui/panel.js";
import { HistogramChart } from "./histogram-chart.js";
import { sampleFiles } from "./scale-files.js";
import type { ScoreSample } from "./scale-picture.js";
import type { ScaleSettings } from "./settings.js";

interface SamplePanelProps {
  readonly sampled: Answered<ScaleSettings, ScoreSample>;
}

/** The numbers that follow the sliders: one query, and all of the sample. */
export function SamplePanel({ sampled }: SamplePanelProps): JSX.Element {
  const { input: settings, result: sample } = sampled;
  const { measured, theory, rows, histogram } = sample;
  const { headDim, keys } = settings;
  const variance = `measured variance ${formatNumber(measured.scoreVariance ?? Number.NaN)}, theory ${formatNumber(theory.scoreVariance)}`;
  return (
    <Panel
      id="sample"
      title="What the softmax makes of the scores"
      teaches={`A head of width ${headDim} with random queries and keys: every number is from a normal distribution with mean 0 and variance 1. Move the sliders and watch one query divide its attention.`}
    >
      <div class="gallery-tools">
        <ExportMenu what="the scores" files={sampleFiles(sampled)} />
      </div>
      <div class="columns sample-charts">
        <KeyBars row={sample.row} />
        <div class="stacked">
          <HistogramChart histogram={histogram} label={`Histogram of ${rows * keys} scores: ${variance}`} />
          <p class="hint">
            All {(rows * keys).toLocaleString("en")} scores of {rows} queries with {keys} keys each.{" "}
            {histogram.normal && "The line is the normal distribution with the variance that theory predicts."}
          </p>
          <SampleNumbers sample={sample} keys={keys} />
          <p class="hint">
            The <Term name="spread">spread</Term> is 1 if all keys get the same weight, and 0 if one key gets everything. An arrow stands
            before what a measure tends to when the scores are small. The larger the scores, the farther away is the measured value.
          </p>
        </div>
      </div>
    </Panel>
  );
}

function SampleNumbers({
  sample: { measured, theory, scale },
  keys,
}: {
  readonly sample: ScoreSample;
  readonly keys: number;
}): JSX.Element {
  return (
    <DataTable label="Measured and predicted" columns={[`at scale ${formatNumber(scale)}`, "measured", "theory"]} kind="measures">
      <Row id="variance" name="variance of the scores" measured={measured.scoreVariance} theory={formatNumber(theory.scoreVariance)} />
      <Row id="spread" name="spread of a row" {...meanOf(measured.normalizedEntropy)} theory="→ 1" />
      <Row id="largest" name="largest weight" {...meanOf(measured.maxWeight)} theory={`→ ${formatNumber(1 / keys)}`} />
      <Row
        id="jacobian"
        name="softmax Jacobian"
        {...meanOf(measured.jacobianNorm)}
        theory={`→ ${formatNumber(theory.smallScores.jacobianNorm)}`}
      />
      <Row
        id="gradient"
        name="gradient at the query, median"
        measured={measured.queryGradient?.median ?? null}
        theory={theory.smallScores.gradient === null ? "–" : `→ ${formatNumber(theory.smallScores.gradient)}`}
      />
      <Row id="saturated" name="rows with a weight above 0.99" measured={measured.saturated} theory="→ 0" />
    </DataTable>
  );
}

function meanOf(summary: Summary | null): { readonly measured: number | null; readonly error: number | null } {
  return { measured: summary?.mean ?? null, error: summary?.standardError ?? null };
}

interface RowProps {
  readonly id: string;
  readonly name: string;
  readonly measured: number | null;
  readonly error?: number | null;
  readonly theory: string;
}

function Row({ id, name, measured, error = null, theory }: RowProps): JSX.Element {
  return (
    <tr data-measure={id}>
      <th scope="row">{name}</th>
      <td>
        {measured === null ? "–" : formatNumber(measured)}
        {error !== null && <span class="share"> ± {Number(error.toPrecision(2))}</span>}
      </td>
      <td>{theory}</td>
    </tr>
  );
}
