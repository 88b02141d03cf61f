import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { FailureLine } from "../../ui/fields.js";
import { TaskBar } from "../../ui/task-bar.js";
import { filesOfDrop, filesOfInput } from "./collect-files.js";
import type { ModelsState } from "./state.js";

/** Where files are dropped or picked, and what becomes of them. */
export function DropPanel({ state }: { readonly state: ModelsState }): JSX.Element {
  const isOver = useDrops((dropped) => void state.add(filesOfDrop(dropped)));
  const doing = state.doing.value;
  const pick = (list: FileList): void => void state.add(filesOfInput(list));
  return (
    <section class="panel" aria-labelledby="open-title">
      <header class="panel-head">
        <h2 id="open-title">Open a model</h2>
        <p class="teaches">
          Nothing is uploaded. The page reads the files where they are and computes in your browser; they never leave this device.
        </p>
      </header>
      <div class="drop-zone" data-over={isOver}>
        <p>
          Drop a folder, its files, or a zip <span class="drop-anywhere">anywhere on this page</span>
        </p>
        <div class="drop-buttons">
          <FilePicker label="Choose a folder" isFolder onPick={pick} />
          <FilePicker label="Choose files or a zip" onPick={pick} />
        </div>
      </div>
      {doing !== undefined && <TaskBar what={doing.what} progress={doing.task.progress.value} onCancel={() => state.cancel()} />}
      <FailureLine id="files-failure" sentence={state.failure.value} />
    </section>
  );
}

interface FilePickerProps {
  readonly label: string;
  readonly isFolder?: boolean;
  readonly onPick: (list: FileList) => void;
}

/** A button that lets the reader pick files, or a folder where the system can. */
function FilePicker({ label, isFolder = false, onPick }: FilePickerProps): JSX.Element {
  const take = (input: HTMLInputElement): void => {
    if (input.files !== null && input.files.length > 0) onPick(input.files);
    input.value = ""; // so that the same files can be picked again
  };
  return (
    <label class="plain-button file-picker">
      {label}
      <input
        type="file"
        class="spoken"
        aria-label={label} // or Safari names it by its own button too
        multiple
        {...(isFolder && { webkitdirectory: true })}
        onChange={(event) => take(event.currentTarget)}
      />
    </label>
  );
}

/** Takes what is dropped anywhere on the page. @returns whether files are above the page */
function useDrops(onDrop: (dropped: DataTransfer) => void): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") ?? false;
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault(); // otherwise the browser shows the file in place of the page
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      onDrop(event.dataTransfer!);
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  return isOver;
}
