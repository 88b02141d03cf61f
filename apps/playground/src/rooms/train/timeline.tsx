import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { headName } from "../../ui/head-name.js";
import { nearestIndex } from "../../ui/plot-scale.js";
import type { RunState } from "./run-state.js";
import { headNoun, runName } from "./run-words.js";
import type { TrainView } from "./train-view.js";

/** Milliseconds between two recorded steps; longer for readers who want less motion. */
const [playPause, calmPause] = [220, 1000];

/** The step that all pictures show: a slider over the recorded steps, which also plays, and what happened to heads. */
export function Timeline({ view }: { readonly view: TrainView }): JSX.Element {
  const { value: steps } = view.steps;
  const { value: step } = view.step;
  const at = nearestIndex(steps, step);
  usePlay(view);
  const total = Math.max(...view.shown.value.map(({ run }) => run.value.settings.steps));
  return (
    <section class="timeline" aria-label="The step that all pictures show">
      <button
        type="button"
        class="plain-button play"
        aria-pressed={view.isPlaying.value}
        disabled={steps.length < 2}
        onClick={() => togglePlay(view)}
      >
        {view.isPlaying.value ? "Pause" : "Play"}
      </button>
      <label class="timeline-slider">
        <span>
          Step <strong>{step}</strong> of {total}
          {view.settings.value.step < 0 && view.state.active.value !== undefined && <span class="hint"> (the latest)</span>}
        </span>
        <input
          type="range"
          min={0}
          max={Math.max(1, steps.length - 1)}
          step={1}
          value={at}
          aria-valuetext={`step ${step} of ${total}`}
          onInput={(event) => view.moveTo(steps[Number(event.currentTarget.value)] ?? 0)}
        />
      </label>
      {view.shown.value.map((run) => (
        <Events key={run.key} run={run} view={view} />
      ))}
    </section>
  );
}

function togglePlay(view: TrainView): void {
  const isAtEnd = view.step.value >= (view.steps.value.at(-1) ?? 0);
  if (!view.isPlaying.value && isAtEnd) view.moveTo(0);
  view.isPlaying.value = !view.isPlaying.value;
}

/** Moves on by one recorded step after the other, until the last one. */
function usePlay(view: TrainView): void {
  const { value: isPlaying } = view.isPlaying;
  useEffect(() => {
    if (!isPlaying) return undefined;
    const pause = matchMedia("(prefers-reduced-motion: reduce)").matches ? calmPause : playPause;
    const timer = setInterval(() => {
      const next = view.steps.value.find((step) => step > view.step.value);
      if (next === undefined) view.isPlaying.value = false;
      else view.moveTo(next);
    }, pause);
    return () => clearInterval(timer);
  }, [isPlaying, view]);
}

/** The heads that got a label, and when. */
function Events({ run, view }: { readonly run: RunState; readonly view: TrainView }): JSX.Element | null {
  const { value: events } = run.events;
  if (events.length === 0) return null;
  const name = runName(run.run.value);
  return (
    <ol class="events" aria-label={`Events of ${name}`}>
      {view.shown.value.length > 1 && <li class="hint">{name}:</li>}
      {events.map(({ step, place, label, lostAt }) => (
        <li key={`${headName(place)} ${label}`}>
          <button
            type="button"
            class={step <= view.step.value ? "event" : "event later"}
            onClick={() => {
              view.lookAt(place);
              view.moveTo(step);
            }}
          >
            step {step}: <strong>{headName(place)}</strong> became {headNoun(label)}
            {lostAt !== undefined && <span class="hint">, until step {lostAt}</span>}
          </button>
        </li>
      ))}
    </ol>
  );
}
