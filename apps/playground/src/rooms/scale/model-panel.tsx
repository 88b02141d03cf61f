import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { DataTable } from "../../ui/data-table.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { FailureLine } from "../../ui/fields.js";
import { formatNumber } from "../../ui/format.js";
import { headName, sameHead } from "../../ui/head-name.js";
import { Panel } from "../../ui/panel.js";
import { TaskBar } from "../../ui/task-bar.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { HeadMeasure, MeasuredHead, MeasuredLayer } from "./head-measures.js";
import { layerFiles } from "./scale-files.js";
import type { ScaleState } from "./scale-state.js";

interface ModelPanelProps {
  readonly state: ScaleState;
  readonly workspace: Workspace;
}

/** The heads of the chosen model as they are, without their scale, and with the settings of the laboratory. */
export function ModelPanel({ state, workspace }: ModelPanelProps): JSX.Element {
  useEffect(() => state.follow(workspace), [state, workspace]);
  const { answered, failure, task } = state.heads;
  const info = workspace.info.value;
  return (
    <Panel
      id="model"
      title="In a trained model"
      teaches="The heads of the chosen layer on your text: scored as the model does, without its scale, and with your settings. Training has made queries and keys larger or smaller than the normal numbers above."
    >
      <FailureLine id="model-failure" sentence={failure.value?.sentence} />
      {task.value && <TaskBar progress={task.value.progress.value} what="Reading the text" onCancel={() => state.heads.cancel()} />}
      {answered.value?.result && (
        <>
          <p id="model-words" role="status">
            {layerWords(answered.value.result, info?.title ?? "The model", chosenOf(answered.value.result, workspace))}
          </p>
          <div class="gallery-tools">
            <ExportMenu what="the measures of the heads" files={layerFiles(answered.value.result, answered.value.input.settings)} />
          </div>
          <HeadsTable layer={answered.value.result} workspace={workspace} />
        </>
      )}
    </Panel>
  );
}

function chosenOf({ heads }: MeasuredLayer, workspace: Workspace): MeasuredHead {
  const { head } = workspace.state.value;
  return heads.find(({ place }) => sameHead(place, head)) ?? heads[0]!;
}

function layerWords({ scale, headDim, softcap }: MeasuredLayer, title: string, { place, own, none }: MeasuredHead): string {
  const isUsual = Math.abs(scale * Math.sqrt(headDim) - 1) < 1e-6;
  const factor = isUsual ? `1/√${headDim} = ${formatNumber(scale)}` : formatNumber(scale);
  const cap = softcap === null ? "" : `, with a soft cap of ${formatNumber(softcap)}`;
  const words = `${title} multiplies the scores of this layer by ${factor}${cap}.`;
  if (own.maxWeight === null || none.maxWeight === null) return `${words} On this text no query has two keys to choose from.`;
  return `${words} Without that, the largest weight of a row in ${headName(place)} would go from ${formatNumber(own.maxWeight)} to ${formatNumber(none.maxWeight)} on average.`;
}

const ways = { own: "as the model", none: "no scale", chosen: "your settings" } as const;
const measures: readonly (readonly [keyof HeadMeasure, string])[] = [
  ["rowVariance", "Variance in a row"],
  ["spread", "Spread"],
  ["maxWeight", "Largest weight"],
  ["jacobian", "Softmax Jacobian"],
  ["gradient", "Gradient at the query"],
];

function HeadsTable({ layer, workspace }: { readonly layer: MeasuredLayer; readonly workspace: Workspace }): JSX.Element {
  const { head: chosen } = workspace.state.value;
  return (
    <>
      <DataTable
        label="Heads of the layer"
        columns={["head", "scores", ...measures.map(([, title]) => title)]}
        kind="numbers"
        height="tall"
      >
        {layer.heads.flatMap((head) =>
          (Object.keys(ways) as (keyof typeof ways)[]).map((way, index) => (
            <tr key={`${head.place.head}-${way}`} class={sameHead(head.place, chosen) ? "own-row" : undefined} data-way={way}>
              <th scope="row">
                {index === 0 && (
                  <button type="button" class="row-button" onClick={() => workspace.lookAt(head.place)}>
                    {headName(head.place)}
                  </button>
                )}
              </th>
              <td>{ways[way]}</td>
              {measures.map(([name]) => (
                <td key={name}>{shown(head[way][name])}</td>
              ))}
            </tr>
          )),
        )}
      </DataTable>
      <p class="hint">
        {layer.rows} queries and {layer.columns} keys; means over the queries that have two keys to choose from, and the median of the
        gradients. Only differences within a row change its weights, so the variance is that within a row. Position biases are left out.
      </p>
    </>
  );
}

function shown(value: number | null): string {
  return value === null ? "–" : formatNumber(value);
}
