import type { JSX } from "preact";
import type { HeadFindings } from "../reading/readings.js";
import { DataTable } from "./data-table.js";
import { formatNumber } from "./format.js";
import { metricWords, strongestFirst } from "./metric-words.js";

/** What was measured on a head: its labels with the rule and the rows that decided, and each score beside that of uniform attention. */
export function HeadFindingsView({ findings: { metrics, labels } }: { readonly findings: HeadFindings }): JSX.Element {
  return (
    <div class="findings">
      {labels.length === 0 ? (
        <p class="hint">No label: on this text, no rule applies to this head.</p>
      ) : (
        <ul class="label-list">
          {strongestFirst(labels).map(({ label, score, nullScore, evidence }) => (
            <li key={label}>
              <span class="label-badge">{label}</span> <strong>{formatNumber(score)}</strong>
              {nullScore !== null && <span class="weight"> uniform attention {formatNumber(nullScore)}</span>}
              <span class="evidence">{sentence(evidence)}</span>
            </li>
          ))}
        </ul>
      )}
      <DataTable label="Measures of the head" kind="metrics" columns={["Measure", "Head", "Uniform", "Lift"]}>
        {metrics.map(({ name, score, nullScore, lift }) => {
          const { name: title, meaning, isShare } = metricWords(name);
          return (
            <tr key={name}>
              <th scope="row">
                {title}
                <span class="metric-meaning">{meaning}</span>
              </th>
              <td class="metric-score">
                {isShare && score !== null && (
                  <span class="metric-bar" style={{ "--share": score, "--null": nullScore ?? 0 }} aria-hidden="true" />
                )}
                {show(score)}
              </td>
              <td>{show(nullScore)}</td>
              <td>{show(lift)}</td>
            </tr>
          );
        })}
      </DataTable>
      <p class="hint">
        “Uniform” is what the head would score if it looked at every token that it may see alike. Lift is how far it gets from there to 1.
        Rows with a single token to look at are left out. A label says where a head looks on this text, not what it is for: switch it off to
        test that.
      </p>
    </div>
  );
}

function sentence(text: string): string {
  const first = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.?!…]$/.test(first) ? first : `${first}.`;
}

function show(value: number | null): string {
  return value === null ? "–" : formatNumber(value);
}
