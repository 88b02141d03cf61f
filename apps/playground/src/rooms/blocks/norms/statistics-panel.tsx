import type { JSX } from "preact";
import { csvFile, jsonFile } from "../../../exports/export-files.js";
import { DataTable } from "../../../ui/data-table.js";
import { type ExportFile, ExportMenu } from "../../../ui/export-menu.js";
import { formatNumber, visibleToken } from "../../../ui/format.js";
import { type AnsweredQuestion, Panel } from "../../../ui/panel.js";
import type { NormStages, NormStage } from "./picture.js";

interface StatisticsPanelProps {
  readonly picture: NormStages;
  readonly question: string | AnsweredQuestion;
  readonly token: number;
  readonly choose: (token: number) => void;
}

/** The mean ± standard deviation of every token at every stage. */
export function StatisticsPanel({ picture, question, token, choose }: StatisticsPanelProps): JSX.Element {
  const extent = Math.max(1e-9, ...picture.stages.map(({ mean, deviation }) => extentOf(mean, deviation)));
  return (
    <Panel
      id="statistics"
      title="Mean and standard deviation"
      teaches="Each bar spans the mean ± one standard deviation; the line marks the mean. A norm treats every token separately and brings all of them to the same scale."
      question={question}
    >
      <div class="gallery-tools">
        <ExportMenu what="the statistics" files={statisticsFiles(picture)} />
      </div>
      <DataTable
        label="Mean and standard deviation of every token"
        kind="statistics"
        columns={["Token", ...picture.stages.map(({ name }) => name)]}
        height="tall-table"
      >
        {picture.tokens.map((each, index) => (
          <tr key={index} class={index === token ? "chosen" : undefined}>
            <th scope="row">
              <button type="button" class="row-button" aria-pressed={index === token} onClick={() => choose(index)}>
                <bdi class="token">{visibleToken(each)}</bdi>
              </button>
            </th>
            {picture.stages.map((stage) => (
              <Spread key={stage.name} stage={stage} token={index} extent={extent} />
            ))}
          </tr>
        ))}
      </DataTable>
    </Panel>
  );
}

function statisticsFiles({ tokens, stages }: NormStages): ExportFile[] {
  const rows = tokens.flatMap((token, index) =>
    stages.map(({ name, mean, deviation, rootMeanSquare }) => ({
      position: index,
      token,
      stage: name,
      mean: mean[index]!,
      deviation: deviation[index]!,
      rootMeanSquare: rootMeanSquare[index]!,
    })),
  );
  const columns = ["position", "token", "stage", "mean", "standard deviation", "root mean square"];
  return [jsonFile("statistics", { version: 1, rows }), csvFile("statistics", [columns, ...rows.map((row) => Object.values(row))])];
}

function Spread({ stage, token, extent }: { readonly stage: NormStage; readonly token: number; readonly extent: number }): JSX.Element {
  const [mean, deviation] = [stage.mean[token]!, stage.deviation[token]!];
  const place = (value: number): number => 50 + (value / extent) * 50;
  return (
    <td>
      <span class="spread" aria-hidden="true">
        <span class="spread-zero" />
        <span class="spread-bar" style={{ left: `${place(mean - deviation)}%`, width: `${(deviation / extent) * 100}%` }} />
        <span class="spread-mean" style={{ left: `${place(mean)}%` }} />
      </span>
      <span class="spread-numbers">
        {formatNumber(Math.abs(mean) < 1e-4 ? 0 : mean)} ± {formatNumber(deviation)}
      </span>
    </td>
  );
}

function extentOf(mean: Float32Array, deviation: Float32Array): number {
  return mean.reduce((max, value, index) => Math.max(max, Math.abs(value) + deviation[index]!), 0);
}
