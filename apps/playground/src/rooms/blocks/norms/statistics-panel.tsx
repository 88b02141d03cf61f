import type { JSX } from "preact";
import { DataTable } from "../../../ui/data-table.js";
import { formatNumber, visibleToken } from "../../../ui/format.js";
import { Panel } from "../../../ui/panel.js";
import type { NormPicture, NormStage } from "./picture.js";

interface StatisticsPanelProps {
  readonly picture: NormPicture;
  readonly token: number;
  readonly choose: (token: number) => void;
}

/** Mean ± deviation of every token's vector, before and after. */
export function StatisticsPanel({ picture, token, choose }: StatisticsPanelProps): JSX.Element {
  const reach = Math.max(1e-9, ...picture.stages.map(({ mean, deviation }) => reachOf(mean, deviation)));
  return (
    <Panel
      id="statistics"
      title="Mean and deviation of every token"
      teaches="Each bar reaches from mean − deviation to mean + deviation, with the mean as a line. A norm looks at one token at a time, so every row comes out alike whatever came in."
      question="Multiply every number by 10. Which of the three columns changes?"
    >
      <DataTable
        label="Table of means and deviations"
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
              <Spread key={stage.name} stage={stage} token={index} reach={reach} />
            ))}
          </tr>
        ))}
      </DataTable>
    </Panel>
  );
}

function Spread({ stage, token, reach }: { readonly stage: NormStage; readonly token: number; readonly reach: number }): JSX.Element {
  const [mean, deviation] = [stage.mean[token]!, stage.deviation[token]!];
  const place = (value: number): number => 50 + (value / reach) * 50;
  return (
    <td>
      <span class="spread" aria-hidden="true">
        <span class="spread-zero" />
        <span class="spread-bar" style={{ left: `${place(mean - deviation)}%`, width: `${(deviation / reach) * 100}%` }} />
        <span class="spread-mean" style={{ left: `${place(mean)}%` }} />
      </span>
      <span class="spread-numbers">
        {formatNumber(Math.abs(mean) < 1e-4 ? 0 : mean)} ± {formatNumber(deviation)}
      </span>
    </td>
  );
}

function reachOf(mean: Float32Array, deviation: Float32Array): number {
  return mean.reduce((most, value, index) => Math.max(most, Math.abs(value) + deviation[index]!), 0);
}
