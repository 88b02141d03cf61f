import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type ColorScale, weightScale } from "../../color/color-scale.js";
import type { ExportFiles } from "../../exports/export-files.js";
import { attentionKinds } from "../../models/model-info.js";
import type { StepRecord } from "../../training/run-record.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { choicesOf, Segmented } from "../../ui/fields.js";
import { HeadFindingsView } from "../../ui/head-findings.js";
import { HeadGrid } from "../../ui/head-grid.js";
import { headName, kindNames } from "../../ui/head-name.js";
import { HeatMap } from "../../ui/heat-map.js";
import { Legend } from "../../ui/legend.js";
import { Panel } from "../../ui/panel.js";
import { tone } from "../../ui/theme.js";
import { chosenMetric } from "./head-lines.js";
import { gridRows, headMapOf } from "./head-maps.js";
import { gridFiles, headFiles } from "./map-files.js";
import type { RunState } from "./run-state.js";
import { runName } from "./run-words.js";
import type { TrainView } from "./train-view.js";

interface MapsPanelProps {
  readonly view: TrainView;
  readonly exports: ExportFiles;
}

/** The maps of all heads at the shown step, and the chosen head in full; of two runs beside each other. */
export function MapsPanel({ view, exports }: MapsPanelProps): JSX.Element {
  const { value: shown } = view.shown;
  const scale = useMemo(() => weightScale("blues", tone.value), [tone.value]);
  const isMasked = shown.some(({ run }) => run.value.about.attentions.some(({ allowed }) => allowed.includes(0)));
  return (
    <Panel
      id="maps"
      title={`Attention at step ${view.step.value}`}
      teaches="The weights of every head on one text that the model is not trained on: rows look, columns are looked at. All maps have the same scale, so that heads and steps compare."
      question="Press “Play”. Which head finds its pattern first?"
    >
      <div class="gallery-tools">
        <KindChoice view={view} />
        <Legend title="weight" scale={scale} masked={isMasked ? "masked" : undefined} />
      </div>
      <div class={shown.length > 1 ? "pair" : undefined}>
        {shown.map((run) => (
          <RunMaps key={run.key} run={run} view={view} exports={exports} scale={scale} isNamed={shown.length > 1} />
        ))}
      </div>
    </Panel>
  );
}

/** The kinds of attention of an encoder-decoder. */
function KindChoice({ view }: { readonly view: TrainView }): JSX.Element | null {
  const run = view.run.value;
  const kinds = attentionKinds.filter((each) => run?.run.value.about.attentions.some(({ kind }) => kind === each));
  if (run === undefined || kinds.length < 2) return <span />;
  return (
    <Segmented
      name="kind"
      label="Attention"
      value={view.headOf(run).kind}
      choices={choicesOf(kinds, kindNames)}
      onChange={(kind) => view.lookAt({ kind, layer: 0, head: 0 })}
    />
  );
}

interface RunMapsProps extends MapsPanelProps {
  readonly run: RunState;
  readonly scale: ColorScale;
  readonly isNamed: boolean;
}

function RunMaps({ run, view, exports, scale, isNamed }: RunMapsProps): JSX.Element {
  const record = run.recordAt(view.step.value);
  const { about } = run.run.value;
  const head = view.headOf(run);
  const metric = chosenMetric(view, run);
  const rows = useMemo(() => (record === undefined ? [] : gridRows(about, record, head.kind, metric)), [about, record, head.kind, metric]);
  if (record === undefined) return <p class="empty">Measuring the first, random weights …</p>;
  return (
    <div class={isNamed ? "stacked" : "maps-pair"}>
      {isNamed && (
        <h3>
          {runName(run.run.value)}, step {record.step}
        </h3>
      )}
      <div class="stacked">
        <ExportMenu what="the maps of all heads" files={gridFiles(exports, run, record, rows)} />
        <HeadGrid label={`Heads at step ${record.step}`} rows={rows} scale={scale} chosen={head} onChoose={(place) => view.lookAt(place)} />
      </div>
      <ChosenHead run={run} view={view} exports={exports} record={record} scale={scale} />
    </div>
  );
}

function ChosenHead({
  run,
  view,
  exports,
  record,
  scale,
}: Omit<RunMapsProps, "isNamed"> & { readonly record: StepRecord }): JSX.Element | null {
  const { about } = run.run.value;
  const head = view.headOf(run);
  const name = headName(head);
  const found = useMemo(() => headMapOf(about, record, head), [about, record, name]);
  if (found === undefined) return null;
  return (
    <div class="chosen-head">
      <ExportMenu what={`the map of ${name}`} files={headFiles(exports, run, record, head, found)} />
      <HeatMap
        label={`Weights of ${name} at step ${record.step}`}
        data={found.map}
        scale={scale}
        queryTokens={found.rowTokens}
        keyTokens={found.columnTokens}
      />
      <details class="numbers">
        <summary>Measures of {name}</summary>
        <HeadFindingsView findings={found.findings} />
      </details>
    </div>
  );
}
