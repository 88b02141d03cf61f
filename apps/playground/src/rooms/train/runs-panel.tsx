import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { DataTable } from "../../ui/data-table.js";
import { formatNumber } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import { runColors } from "./loss-lines.js";
import type { RunState } from "./run-state.js";
import { describeRun, phaseNames, phaseOf, progressWords } from "./run-words.js";
import type { TrainView } from "./train-view.js";

/** All runs that are kept: which one is shown, which one beside it. */
export function RunsPanel({ view }: { readonly view: TrainView }): JSX.Element {
  const runs = view.state.runs.value.toReversed();
  return (
    <Panel
      id="runs"
      title="Runs"
      teaches="Every training is kept in this browser, with its settings and its colour. A second one does not end the first: show both, and compare."
      question="Train the same recipe with another seed. Which head does the work this time?"
    >
      <DataTable label="Runs" kind="runs" columns={["Run", "State", "Loss", "Show", "Beside", "Delete"]}>
        {runs.map((run) => (
          <RunRow key={run.key} run={run} view={view} />
        ))}
      </DataTable>
    </Panel>
  );
}

function RunRow({ run, view }: { readonly run: RunState; readonly view: TrainView }): JSX.Element {
  const record = run.run.value;
  const name = `${record.title}, ${record.settings.steps} steps, seed ${record.settings.seed}`;
  const isShown = view.run.value === run;
  const isBeside = view.beside.value === run;
  return (
    <tr data-run={run.key} data-phase={phaseOf(run, view.state.active.value)}>
      <th scope="row">
        <span class={`run-swatch series-${colorOf(run, view)}`} aria-hidden="true" />
        {record.title}
        <span class="run-settings">{describeRun(record)}</span>
        {record.failure !== undefined && <span class="run-failure">{record.failure}</span>}
      </th>
      <td>
        <RunProgress run={run} view={view} />
      </td>
      <td>{Number.isNaN(run.loss) ? "–" : formatNumber(run.loss)}</td>
      <td>
        <input
          type="radio"
          name="shown-run"
          aria-label={`Show ${name}`}
          checked={isShown}
          onChange={() => view.change({ run: run.key, beside: isBeside ? "" : view.settings.value.beside }, true)}
        />
      </td>
      <td>
        <input
          type="checkbox"
          aria-label={`Show ${name} beside`}
          checked={isBeside}
          disabled={isShown}
          onChange={() => view.change({ beside: isBeside ? "" : run.key }, true)}
        />
      </td>
      <td>
        <DeleteButton name={name} onDelete={() => void view.state.remove(run.key)} />
      </td>
    </tr>
  );
}

function RunProgress({ run, view }: { readonly run: RunState; readonly view: TrainView }): JSX.Element {
  const { steps } = run.run.value.settings;
  const phase = phaseOf(run, view.state.active.value);
  return (
    <>
      <span class="run-phase" data-phase={phase} role={phase === "running" ? "status" : undefined}>
        {phaseNames[phase]}
      </span>
      <span class="run-settings">{phase === "running" ? progressWords(run) : `step ${run.step} of ${steps}`}</span>
      {phase === "running" && <progress max={steps} value={run.step} aria-label="Progress in steps" />}
    </>
  );
}

/** The colour of a run in the curves. */
function colorOf(run: RunState, { shown }: TrainView): number {
  const at = shown.value.indexOf(run);
  return at < 0 ? runColors([run])[0]! : runColors(shown.value)[at]!;
}

/** Deletes after a second click. */
function DeleteButton({ name, onDelete }: { readonly name: string; readonly onDelete: () => void }): JSX.Element {
  const isAsking = useSignal(false);
  return (
    <button
      type="button"
      class={isAsking.value ? "plain-button danger" : "plain-button"}
      aria-label={isAsking.value ? `Delete ${name} with its weights for good` : `Delete ${name}`}
      onClick={() => (isAsking.value ? onDelete() : (isAsking.value = true))}
      onBlur={() => (isAsking.value = false)}
    >
      {isAsking.value ? "For good?" : "Delete"}
    </button>
  );
}
