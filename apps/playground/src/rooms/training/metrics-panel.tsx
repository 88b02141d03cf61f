import type { Metric } from "@tfblocks/zoo";
import type { JSX } from "preact";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import type { TrainingState } from "./training-state.js";

/** What the model can do on examples that it was not trained on, beside what it should. */
export function MetricsPanel({ state }: { readonly state: TrainingState }): JSX.Element {
  const metrics = state.metrics.value;
  return (
    <Panel
      id="metrics"
      title="Has it learned?"
      teaches="Measured every few steps on a few examples that are never trained on, so that remembering does not help."
      question="Stop at half the steps. Which target is met already, and which needs the rest?"
    >
      {metrics.length === 0 ? (
        <p class="empty">The first measure comes after some steps.</p>
      ) : (
        <DataTable label="Measures and targets" kind="metrics" columns={["Measure", "Now", "Target"]}>
          {metrics.map((metric) => (
            <MetricRow key={metric.name} metric={metric} />
          ))}
        </DataTable>
      )}
    </Panel>
  );
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
            <span class={met ? "check-mark" : "cross-mark"} aria-label={met ? "met" : "not met"}>
              {met ? "✓" : "✗"}
            </span>
          </>
        )}
      </td>
    </tr>
  );
}
