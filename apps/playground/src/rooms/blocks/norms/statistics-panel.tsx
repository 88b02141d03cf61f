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

/** The mean ± standard deviation of every token before and after the norms. */
export function StatisticsPanel({ picture, token, choose }: StatisticsPanelProps): JSX.Element {
  const extent = Math.max(1e-9, ...picture.stages.map(({ mean, deviation }) => extentOf(mean, deviation)));
  return (
    <Panel
      id="statistics"
      title="Mean and standard deviation"
      teaches="Each bar spans the mean ± one standard deviation; the line marks the mean. A norm treats every token separately and brings all of them to the same scale."
      question="Set “Multiply by” to 10. Which of the three columns changes?"
    >
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
