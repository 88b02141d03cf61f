import type { Metric } from "@tfblocks/zoo";
import type { JSX } from "preact";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import type { TrainingState } from "./training-state.js";

/** The metrics of the model on held-out examples, with their targets. */
export function MetricsPanel({ state }: { readonly state: TrainingState }): JSX.Element {
  const metrics = state.metrics.value;
  return (
    <Panel
      id="metrics"
      title="Evaluation"
      teaches="Metrics on a few held-out examples, measured every few steps. The model is never trained on them, so memorising does not help."
      question="Stop after half of the steps. Which targets are met already, and which are not?"
    >
      {metrics.length === 0 ? (
        <p class="empty">The first evaluation follows after a few steps.</p>
      ) : (
        <DataTable label="Metrics and targets" kind="metrics" columns={["Metric", "Now", "Target"]}>
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
