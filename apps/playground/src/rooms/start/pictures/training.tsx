import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { weightScale } from "../../../color/color-scale.js";
import type { HeadPlace } from "../../../models/model-info.js";
import { labelEvents } from "../../../training/label-events.js";
import type { RunRecord, StepRecord } from "../../../training/run-record.js";
import { type GridRow, HeadGrid } from "../../../ui/head-grid.js";
import { headName } from "../../../ui/head-name.js";
import { LinePlot } from "../../../ui/line-plot.js";
import { tone } from "../../../ui/theme.js";
import { WeightLegend } from "../../../ui/weight-look.js";
import type { RoomCompute } from "../../room.js";
import type { StepProps } from "../lesson-step.js";
import { TrainingRun } from "./training-run.js";

const runs = new WeakMap<RoomCompute, TrainingRun>();

/** The training of the page, kept when the reader goes to another step. */
function runOf(compute: RoomCompute): TrainingRun {
  const run = runs.get(compute) ?? new TrainingRun(compute);
  runs.set(compute, run);
  return run;
}

/** Trains the model of the lesson from random weights, and shows its loss, its heads and the labels they get. */
export function Training({ compute }: StepProps): JSX.Element {
  const training = runOf(compute);
  const { run, losses, records, failure, isRunning } = training;
  const seed = useSignal(0);
  const shown = records.value.at(-1);
  return (
    <>
      <div class="lesson-controls">
        <button
          type="button"
          class="plain-button strong"
          onClick={() => (isRunning.value ? void training.stop() : void training.start(seed.value++))}
        >
          {isRunning.value ? "Stop" : losses.value.length > 0 ? "Train again, from other random weights" : "Train"}
        </button>
        <span aria-live="polite">{isRunning.value ? `step ${losses.value.at(-1)?.step ?? 0}` : ""}</span>
      </div>
      {failure.value !== undefined && <p class="failure">{failure.value}</p>}
      {losses.value.length === 0 && <p class="empty">The loss, the heads and their labels appear here.</p>}
      {losses.value.length > 0 && run.value !== undefined && <LossPlot run={run.value} losses={losses.value} />}
      {shown !== undefined && run.value !== undefined && (
        <>
          <LabelEvents run={run.value} records={records.value} />
          <RecordedHeads run={run.value} record={shown} />
        </>
      )}
    </>
  );
}

function LossPlot({ run, losses }: { readonly run: RunRecord; readonly losses: TrainingRun["losses"]["value"] }): JSX.Element {
  const { xs, lines } = useMemo(
    () => ({
      xs: losses.map(({ step }) => step),
      lines: [
        { name: "loss", values: losses.map(({ loss }) => loss), series: 0 },
        { name: "guessing every token alike", values: losses.map(() => run.about.uniformLoss), series: 5, faint: true },
      ],
    }),
    [losses],
  );
  return <LinePlot label="Loss of the training" xName="step" yName="loss in nats" xs={xs} lines={lines} start={xs.at(-1)!} />;
}

/** When heads got their labels. */
function LabelEvents({ run, records }: { readonly run: RunRecord; readonly records: readonly StepRecord[] }): JSX.Element {
  const events = labelEvents(run.about, records).filter(({ label }) => label === "induction" || label === "previous token");
  if (events.length === 0) return <p class="hint">No head has become an induction head yet.</p>;
  return (
    <ol class="label-events" aria-live="polite">
      {events.map(({ step, place, label }) => (
        <li key={`${headName(place)} ${label}`}>
          step {step}: <strong>{headName(place)}</strong> has become {label === "induction" ? "an induction head" : "a previous-token head"}
        </li>
      ))}
    </ol>
  );
}

/** The heads at a recorded step, on the text of the probe. */
function RecordedHeads({ run, record }: { readonly run: RunRecord; readonly record: StepRecord }): JSX.Element {
  const chosen = useSignal<HeadPlace | undefined>(undefined);
  const scale = useMemo(() => weightScale("blues", tone.value), [tone.value]);
  const rows = useMemo(() => gridRows(run, record), [run, record]);
  return (
    <>
      <p class="picture-title">Its heads after step {record.step}</p>
      <p class="hint">
        Under each map stands its score, and after it that of a head that looks everywhere alike: in layer 0 for the token before, in layer
        1 for induction.
      </p>
      <HeadGrid
        label={`All heads after step ${record.step}`}
        rows={rows}
        scale={scale}
        chosen={chosen.value}
        onChoose={(place) => (chosen.value = place)}
      />
      <WeightLegend scale={scale} range="one" isMasked />
    </>
  );
}

function gridRows({ about: { attentions } }: RunRecord, record: StepRecord): GridRow[] {
  return record.attentions.map(({ weights, heads }, index) => {
    const { kind, layer, rowTokens, columnTokens, allowed } = attentions[index]!;
    const [rows, columns] = [rowTokens.length, columnTokens.length];
    return {
      title: `L${layer}`,
      heads: heads.map(({ head, labels, metrics }) => ({
        place: { kind, layer, head },
        map: { rows, columns, values: weights.subarray(head * rows * columns, (head + 1) * rows * columns), allowed },
        labels,
        metric: metrics.find(({ name }) => name === (layer === 0 ? "previousTokenMass" : "prefixMatching")),
      })),
    };
  });
}
