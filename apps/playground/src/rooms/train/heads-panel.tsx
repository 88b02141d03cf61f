import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Choice } from "../../ui/fields.js";
import { headName, sameHead } from "../../ui/head-name.js";
import { metricWords } from "../../ui/metric-words.js";
import { Panel } from "../../ui/panel.js";
import { chosenMetric, headLines, metricNames } from "./head-lines.js";
import { labelMarks } from "./loss-lines.js";
import type { RunState } from "./run-state.js";
import { runName } from "./run-words.js";
import { SharedPlot } from "./shared-plot.js";
import type { TrainView } from "./train-view.js";

/** A score of the heads by step. */
export function HeadsPanel({ view }: { readonly view: TrainView }): JSX.Element {
  const { value: shown } = view.shown;
  const [run] = shown;
  const metric = run === undefined ? "" : chosenMetric(view, run);
  const { name, meaning } = metricWords(metric);
  return (
    <Panel
      id="heads"
      title="Heads over the steps"
      teaches={`Every few steps the heads are measured on the same texts, which the model is not trained on. ${name}: ${meaning.charAt(0).toLowerCase()}${meaning.slice(1)}`}
      question="Compare the scores “Previous token” and “Induction”: do they rise at the same step? A label comes only when one head reaches 0.4; at first several heads of a layer may share the work."
    >
      {run !== undefined && (
        <Choice
          label="Score"
          value={metric}
          choices={metricNames(view, run).map((each) => ({ value: each, label: metricWords(each).name }))}
          onChange={(next) => view.change({ metric: next })}
        />
      )}
      <div class={shown.length > 1 ? "pair" : undefined}>
        {shown.map((each) => (
          <HeadCurves key={each.key} run={each} view={view} isNamed={shown.length > 1} />
        ))}
      </div>
    </Panel>
  );
}

function HeadCurves({ run, view, isNamed }: { readonly run: RunState; readonly view: TrainView; readonly isNamed: boolean }): JSX.Element {
  const records = run.records.value;
  const head = view.headOf(run);
  const metric = chosenMetric(view, run);
  const { lines, leftOut } = useMemo(() => headLines(run.run.value.about, records, head, metric), [run, records, metric, headName(head)]);
  const marks = labelMarks([run]).filter(({ text }) =>
    run.events.value.some(({ place }) => sameHead(place, head) && text.includes(headName(head))),
  );
  return (
    <div class="stacked">
      {isNamed && <h3>{runName(run.run.value)}</h3>}
      <SharedPlot
        view={view}
        name="heads"
        label={`${metricWords(metric).name} of the heads by step`}
        yName={metricWords(metric).short}
        lines={lines}
        marks={marks}
        span={metricWords(metric).isShare ? [0, 1] : undefined}
      />
      {leftOut > 0 && <p class="hint">Only the heads with the largest scores are drawn; {leftOut} more are left out.</p>}
    </div>
  );
}
