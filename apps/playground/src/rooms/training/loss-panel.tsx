import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { formatNumber } from "../../ui/format.js";
import { LinePlot } from "../../ui/line-plot.js";
import { Panel } from "../../ui/panel.js";
import { thinned } from "./losses.js";
import type { TrainingOrder } from "./session-event.js";
import type { Phase, Progress, TrainingState } from "./training-state.js";

const mostPoints = 200;

const phaseNames: Record<Phase, string> = {
  idle: "not started",
  running: "training",
  paused: "paused",
  ending: "taking its last step",
  stopped: "stopped",
  finished: "finished",
};

/** The loss, step by step, beside that of guessing. */
export function LossPanel({ state, order }: { readonly state: TrainingState; readonly order: TrainingOrder }): JSX.Element {
  const { value: progress } = state.progress;
  const { value: phase } = state.phase;
  const { steps, losses } = useMemo(() => thinned(progress.points, mostPoints), [progress.points]);
  const step = progress.points.at(-1)?.step ?? 0;
  return (
    <Panel
      id="loss"
      title="The loss falls"
      teaches="How surprised the model is by the right token, on average. At the start it guesses every token alike; a fall that comes suddenly, after a plateau, means that a circuit of heads has formed."
      question="Train again with another seed. Does the loss fall at the same step, and does it end as low?"
    >
      <div class="run-state">
        <progress max={order.steps} value={step} aria-label="Steps taken" />
        <p class="map-reading" data-phase={phase} role="status">
          {phaseNames[phase]}: step {step} of {order.steps}
        </p>
        <p class="hint">
          {state.titleOf(order)}: {detailsOf(progress, order, step)}
        </p>
      </div>
      {losses.length > 1 ? (
        <LinePlot
          label="Loss by step"
          xName="step"
          yName="loss (nats)"
          xs={steps}
          start={steps.at(-1) ?? 0}
          lines={[
            { name: "loss", series: 0, values: losses },
            { name: "guessing", series: 1, values: losses.map(() => progress.chance) },
          ]}
        />
      ) : (
        <p class="empty">The first steps are being taken …</p>
      )}
    </Panel>
  );
}

function detailsOf({ parameters, learningRate, tokensPerSecond, points }: Progress, { steps, seed }: TrainingOrder, step: number): string {
  if (points.length === 0) return `${parameters.toLocaleString("en")} parameters, seed ${seed}.`;
  return [
    `${parameters.toLocaleString("en")} parameters, seed ${seed}`,
    `learning rate ${formatNumber(learningRate)}`,
    `${Math.round(tokensPerSecond).toLocaleString("en")} tokens a second`,
    `${steps - step} steps left`,
  ].join("; ");
}
