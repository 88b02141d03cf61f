import type { JSX } from "preact";
import { csvFile, jsonFile } from "../../exports/export-files.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import { ControlForm } from "../../ui/control-form.js";
import { copyText } from "../../ui/copy-text.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { FailureLine } from "../../ui/fields.js";
import { TaskBar } from "../../ui/task-bar.js";
import type { Figures } from "./figures.js";
import type { MeasureState } from "./state.js";
import { figuresAsText, figureTable } from "./write-figures.js";

/** Starts a measurement, shows how far it is, and saves its figures. */
export function MeasureControls({ state, input }: { readonly state: MeasureState; readonly input: ReadingInput }): JSX.Element {
  const task = state.task.value;
  const figures = state.figures.value;
  return (
    <ControlForm label="Measurement">
      {task === undefined ? (
        <button type="button" class="plain-button strong" onClick={() => void state.measure(input)}>
          {figures === undefined ? "Measure this machine" : "Measure again"}
        </button>
      ) : (
        <TaskBar what="Starting" progress={task.progress.value} onCancel={() => state.cancel()} />
      )}
      <p class="hint">It takes about ten seconds. Other programs, tabs and a training of this page slow it down.</p>
      <FailureLine id="measure-failure" sentence={state.failure.value} />
      {figures !== undefined && task === undefined && <SaveFigures figures={figures} />}
    </ControlForm>
  );
}

function SaveFigures({ figures }: { readonly figures: Figures }): JSX.Element {
  return (
    <div class="run-buttons">
      <button type="button" class="plain-button" onClick={() => void copyText(figuresAsText(figures), "Figures")}>
        Copy figures as text
      </button>
      <ExportMenu what="the figures" files={[jsonFile("figures", figures), csvFile("figures", figureTable(figures))]} />
    </div>
  );
}
