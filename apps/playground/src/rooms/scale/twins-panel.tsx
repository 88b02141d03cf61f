import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { TwinMeasures, TwinPoint } from "../../training/twin-settings.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { choicesOf, FailureLine, NumberField, Segmented } from "../../ui/fields.js";
import { formatNumber } from "../../ui/format.js";
import { LinePlot } from "../../ui/line-plot.js";
import { Panel } from "../../ui/panel.js";
import { Question } from "../../ui/question.js";
import { TaskBar } from "../../ui/task-bar.js";
import { twinFiles } from "./scale-files.js";
import type { TwinRun } from "./twin-run.js";

/** Widths of the one head in each layer. */
const widths: readonly number[] = [16, 64, 128];
const stepChoices: readonly number[] = [100, 300, 600];
const others = { numHeads: 1, learningRate: 3e-3, batchSize: 16 };

/** Two trainings beside each other, one of them without the scale. */
export function TwinsPanel({ run }: { readonly run: TwinRun }): JSX.Element {
  const { failure } = run.training;
  const points = run.points.value;
  return (
    <Panel
      id="twins"
      title="Two twins, one without the scale"
      teaches="Two small models start from the same weights and read the same batches: sequences that repeat, so that the second half can be predicted from the first. They differ in one thing only: one divides its scores by √dₖ, the other does not."
    >
      <TwinForm run={run} />
      <FailureLine id="twins-failure" sentence={failure.value?.sentence} />
      <TwinProgress run={run} />
      {points.length > 0 && run.settings.value && (
        <>
          <TwinPlots points={points} />
          <div class="gallery-tools">
            <ExportMenu what="the trainings" files={twinFiles(run.settings.value, points)} />
          </div>
        </>
      )}
      <Question question="Which twin has the larger spread before the first step, and why? Does the other one learn later?">
        <p>
          The one with the scale: its scores start with a variance below 1, so its rows are nearly uniform. Without the scale the variance
          is dₖ times as large, and rows start on a few keys that mean nothing. Its gradient is larger at first, but jumps from step to
          step: it comes from the rows in which keys still compete, while a row with all of its weight on one key passes none. At width 64
          or 128 the twin with the scale learns within 300 steps, while the other one still guesses: its loss stays near 4.16, which is ln
          64 for 64 tokens. At width 16 the two hardly differ.
        </p>
      </Question>
    </Panel>
  );
}

function TwinForm({ run }: { readonly run: TwinRun }): JSX.Element {
  const last = run.settings.value;
  const width = useSignal(last?.dModel ?? 64);
  const steps = useSignal(last?.steps ?? 300);
  const seed = useSignal(last?.seed ?? 0);
  const isRunning = run.isRunning.value;
  return (
    <form
      class="twin-form"
      aria-label="The trainings"
      onSubmit={(event) => {
        event.preventDefault();
        run.start({ ...others, dModel: width.value, steps: steps.value, seed: seed.value });
      }}
    >
      <Segmented
        name="twin-width"
        label="Width of the head, dₖ"
        value={width.value}
        choices={choicesOf(widths)}
        onChange={(next) => (width.value = next)}
      />
      <Segmented
        name="twin-steps"
        label="Steps"
        value={steps.value}
        choices={choicesOf(stepChoices)}
        onChange={(next) => (steps.value = next)}
      />
      <NumberField label="Seed" value={seed.value} min={0} max={999_999} onChange={(next) => (seed.value = next)} />
      <button type="submit" class="plain-button" disabled={isRunning}>
        {last === undefined ? "Train both" : "Train both again"}
      </button>
    </form>
  );
}

function TwinProgress({ run }: { readonly run: TwinRun }): JSX.Element | null {
  const { task } = run.training;
  return task.value === undefined ? null : (
    <TaskBar progress={task.value.progress.value} what="Training both models" onCancel={() => run.stop()} />
  );
}

/** How each measure is plotted; gradients have peaks, which a logarithm keeps in the picture. */
const plots: readonly { readonly name: keyof TwinMeasures; readonly title: string; readonly place: (value: number) => number }[] = [
  { name: "loss", title: "loss, in nats", place: (value) => value },
  { name: "spread", title: "spread of the rows, 0 to 1", place: (value) => value },
  { name: "gradient", title: "gradient of queries and keys, log₁₀", place: Math.log10 },
];

function TwinPlots({ points }: { readonly points: readonly TwinPoint[] }): JSX.Element {
  const steps = points.map(({ step }) => step);
  const { step, scaled, unscaled } = points.at(-1)!;
  return (
    <>
      <p id="twins-words">
        After {step} steps: loss {formatNumber(scaled.loss)} with the scale and {formatNumber(unscaled.loss)} without, on sequences that
        neither has seen.
      </p>
      <div class="measure-charts">
        {plots.map(({ name, title, place }) => (
          <LinePlot
            key={name}
            label={`${title}, of both twins over the steps`}
            xName="step"
            yName={title}
            xs={steps}
            start={step}
            lines={[
              { name: "with 1/√dₖ", values: points.map((point) => place(point.scaled[name])), series: 2 },
              { name: "no scale", values: points.map((point) => place(point.unscaled[name])), series: 1 },
            ]}
          />
        ))}
      </div>
    </>
  );
}
