import type { JSX } from "preact";
import { fileNameOf } from "../../exports/export-files.js";
import { saveFile } from "../../ui/save-file.js";
import { LiveLine } from "../../ui/live-line.js";
import type { StateProps } from "./state-props.js";

/** Saves all heads, predictions and layers as one HTML file. */
export function ReportLine({ state }: StateProps): JSX.Element {
  const report = state.readings.report.answered.value;
  const isCurrent = report?.input === state.workspace.input.value;
  const name = `${fileNameOf(state.info.value?.title ?? "model")}-report.html`;
  return (
    <section class="report-line" id="report" aria-label="Report">
      <p>
        Everything about this text in one HTML file: all heads with labels and measures, predictions, layers and attribution. It works
        without a network.
      </p>
      {isCurrent ? (
        <button type="button" class="plain-button" onClick={() => saveFile(name, new Blob([report.result], { type: "text/html" }))}>
          Save {name}
        </button>
      ) : (
        <button
          type="button"
          class="plain-button"
          disabled={state.readings.report.busy.value && !state.readings.report.isCancelled.value}
          onClick={() => state.readings.report.request(state.workspace.input.value)}
        >
          Make the report
        </button>
      )}
      <LiveLine live={state.readings.report} what="Making the report" />
    </section>
  );
}
