import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { formatNumber } from "../../ui/format.js";
import { LinePlot } from "../../ui/line-plot.js";
import { Panel } from "../../ui/panel.js";
import { averageLosses } from "./losses.js";
import type { TrainingOrder } from "./session-event.js";
import type { Phase, Progress, TrainingState } from "./training-state.js";

const maxPoints = 200;

const phaseNames: Record<Phase, string> = {
  idle: "not started",
  running: "training",
  paused: "paused",
  stopping: "stopping",
  stopped: "stopped",
  finished: "finished",
};

/** The loss by step, compared with that of a uniform guess. */
export function LossPanel({ state, order }: { readonly state: TrainingState; readonly order: TrainingOrder }): JSX.Element {
  const { value: progress } = state.progress;
  const { value: phase } = state.phase;
  const { steps, losses } = useMemo(() => averageLosses(progress.points, maxPoints), [progress.points]);
  const step = progress.points.at(-1)?.step ?? 0;
  return (
    <Panel
      id="loss"
      title="Loss"
      teaches="The mean cross-entropy of the correct token. “Uniform guess” is the loss of giving every token the same probability; an untrained model can be worse than that. A sudden fall after a plateau often means that the heads have learned a new pattern."
      question="Train again with another seed. Does the loss fall at the same step? Is the final loss the same?"
    >
      <div class="run-state">
        <progress max={order.steps} value={step} aria-label="Progress in steps" />
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
            { name: "uniform guess", series: 1, values: losses.map(() => progress.uniformLoss) },
          ]}
        />
      ) : (
        <p class="empty">Waiting for the first steps …</p>
      )}
    </Panel>
  );
}

function detailsOf({ parameters, learningRate, tokensPerSecond, points }: Progress, { steps, seed }: TrainingOrder, step: number): string {
  if (points.length === 0) return `${parameters.toLocaleString("en")} parameters, seed ${seed}.`;
  return [
    `${parameters.toLocaleString("en")} parameters, seed ${seed}`,
    `learning rate ${formatNumber(learningRate)}`,
    `${Math.round(tokensPerSecond).toLocaleString("en")} tokens/s`,
    `${steps - step} steps left`,
  ].join("; ");
}
