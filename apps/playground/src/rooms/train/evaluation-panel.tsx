import type { Metric } from "@tfblocks/zoo";
import type { JSX } from "preact";
import { csvFile, jsonFile } from "../../exports/export-files.js";
import { DataTable } from "../../ui/data-table.js";
import { type ExportFile, ExportMenu } from "../../ui/export-menu.js";
import { formatNumber } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import type { RunState } from "./run-state.js";
import type { TrainView } from "./train-view.js";

/** How good the model is at what it is trained for, at the last evaluation up to the shown step. */
export function EvaluationPanel({ view, run }: { readonly view: TrainView; readonly run: RunState }): JSX.Element {
  const record = run.records.value.findLast(({ step, metrics }) => step <= view.step.value && metrics.length > 0);
  const { unknownShare } = run.run.value.about;
  return (
    <Panel
      id="metrics"
      title={record === undefined ? "Evaluation" : `Evaluation at step ${record.step}`}
      teaches="Measured on examples that the model is never trained on, so that learning by heart does not help. It takes long, so it is done at some steps only."
      question={
        record?.metrics.some(({ target }) => target !== undefined) === true
          ? "Stop after half of the steps. Which targets are met already, and which are not?"
          : "Move the slider. From which step on do more steps no longer help?"
      }
    >
      {record === undefined ? (
        <p class="empty">No evaluation up to this step.</p>
      ) : (
        <>
          <ExportMenu what="the evaluations" files={evaluationFiles(run)} />
          <DataTable label="Metrics and targets" kind="metrics" columns={["Metric", "Now", "Target"]}>
            {record.metrics.map((metric) => (
              <MetricRow key={metric.name} metric={metric} />
            ))}
          </DataTable>
        </>
      )}
      {unknownShare !== undefined && unknownShare > 0 && (
        <p class="hint">
          {(100 * unknownShare).toFixed(1)} % of the tokens of your text are outside the vocabulary, and became “&lt;unk&gt;”.
        </p>
      )}
    </Panel>
  );
}

/** Every evaluation of a run. */
function evaluationFiles(run: RunState): ExportFile[] {
  const { title, settings } = run.run.value;
  const evaluations = run.records.value.filter(({ metrics }) => metrics.length > 0).map(({ step, metrics }) => ({ step, metrics }));
  const rows = evaluations.flatMap(({ step, metrics }) => metrics.map(({ name, value, target }) => [step, name, value, target ?? null]));
  return [
    jsonFile("evaluation", { version: 1, title, settings, evaluations }),
    csvFile("evaluation", [["step", "metric", "value", "target"], ...rows]),
  ];
}

function MetricRow({ metric: { name, value, target, met, higherIsBetter } }: { readonly metric: Metric }): JSX.Element {
  return (
    <tr data-met={target === undefined ? undefined : met}>
      <th scope="row">{name}</th>
      <td>{formatNumber(value)}</td>
      <td>
        {target === undefined ? (
          <span class="none">none</span>
        ) : (
          <>
            {higherIsBetter ? "≥" : "≤"} {target}{" "}
            <span class={met ? "check-mark" : "cross-mark"} aria-label={met ? "met" : "not met"} role="img">
              {met ? "✓" : "✗"}
            </span>
          </>
        )}
      </td>
    </tr>
  );
}
