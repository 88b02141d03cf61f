import type { JSX } from "preact";
import { isSameTask, type RunSettings } from "../../training/run-settings.js";
import type { RunState } from "./run-state.js";
import { phaseOf } from "./run-words.js";
import type { TrainView } from "./train-view.js";

interface RunButtonsProps {
  readonly view: TrainView;
  readonly order: RunSettings | undefined;
}

/** Starts a new run; pauses, resumes or stops the one that is shown. */
export function RunButtons({ view, order }: RunButtonsProps): JSX.Element {
  const { state } = view;
  const { value: preparing } = state.preparing;
  const start = (): void => {
    if (order === undefined) return;
    const beside = comparable(view.run.value, order)?.key ?? "";
    void state.start(order, ({ key }) => view.change({ run: key, beside, step: -1 }, true));
  };
  if (preparing !== undefined) {
    const progress = preparing.progress.value;
    return (
      <div class="run-preparing" role="status">
        <span>{progress?.what ?? "Preparing the training"} …</span>
        <progress
          {...(progress !== undefined && progress.total > 0 && { value: progress.done, max: progress.total })}
          aria-label="Preparation"
        />
        <button type="button" class="plain-button" onClick={() => preparing.cancel()}>
          Cancel
        </button>
      </div>
    );
  }
  const resumable = resumableRun(view);
  return (
    <div class="run-buttons">
      {resumable !== undefined && (
        <button type="button" class="plain-button strong" onClick={() => void state.resume(resumable.key)}>
          {phaseOf(resumable, undefined) === "paused" ? "Resume" : "Go on"}
        </button>
      )}
      <button
        type="button"
        class={resumable === undefined ? "plain-button strong" : "plain-button"}
        disabled={order === undefined || !state.isReady.value}
        onClick={start}
      >
        {state.runs.value.length === 0 ? "Start" : "Start a new run"}
      </button>
      {state.active.value !== undefined && (
        <>
          <button type="button" class="plain-button" onClick={() => void state.pause("paused")}>
            Pause
          </button>
          <button type="button" class="plain-button" onClick={() => void state.pause("stopped")}>
            Stop
          </button>
        </>
      )}
    </div>
  );
}

/** A run to compare a new one with: it learns the same task. */
function comparable(run: RunState | undefined, order: RunSettings): RunState | undefined {
  return run !== undefined && isSameTask(run.run.value.settings.source, order.source) ? run : undefined;
}

/** The run that is shown, if nothing is trained and it has steps left. */
function resumableRun({ state, run: { value: shown } }: TrainView): RunState | undefined {
  if (shown === undefined || state.active.value !== undefined) return undefined;
  return ["paused", "stopped", "interrupted"].includes(phaseOf(shown, undefined)) ? shown : undefined;
}
