import type { JSX } from "preact";
import type { RunSettings } from "../../training/run-settings.js";
import type { RoomCompute } from "../room.js";
import type { RunState } from "./run-state.js";
import { duration, progressWords } from "./run-words.js";
import type { TrainView } from "./train-view.js";
import { useEstimate } from "./use-estimate.js";

interface TimeHintProps {
  readonly compute: RoomCompute;
  readonly view: TrainView;
  readonly order: RunSettings | undefined;
}

/** How long the training to come would take or, while one runs, how far it is. */
export function TimeHint({ compute, view: { state }, order }: TimeHintProps): JSX.Element {
  const seconds = useEstimate(compute, order, state.isBusy.value);
  const running = state.active.value === undefined ? undefined : state.find(state.active.value);
  if (running !== undefined) return <Progress run={running} />;
  return (
    <p class="hint estimate" aria-live="polite">
      {estimateWords(order, seconds.value)}
    </p>
  );
}

function Progress({ run }: { readonly run: RunState }): JSX.Element {
  const { title, settings } = run.run.value;
  return (
    <div class="run-progress">
      <span>
        {title}: {progressWords(run)}
      </span>
      <progress max={settings.steps} value={run.step} aria-label="Progress of the training in steps" />
    </div>
  );
}

function estimateWords(order: RunSettings | undefined, seconds: number | undefined): string {
  if (order === undefined) return "Paste a text to begin.";
  if (seconds === undefined) return "The time is measured on the first steps.";
  return `About ${duration(seconds * order.steps)} on this machine: ${Math.round(seconds * 1000)} ms a step, with the measuring of the heads.`;
}
