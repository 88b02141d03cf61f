import type { JSX } from "preact";
import type { TaskProgress } from "../compute/task.js";

interface TaskBarProps {
  /** Undefined before the first report. */
  readonly progress: TaskProgress | undefined;
  /** What is done until the first report tells it: "Opening the model". */
  readonly what: string;
  readonly onCancel?: (() => void) | undefined;
}

/** How far a long task is, with a button that cancels it. It shows itself after half a second, because most tasks take less. */
export function TaskBar({ progress, what, onCancel }: TaskBarProps): JSX.Element {
  const { done, total } = progress ?? { done: 0, total: 0 };
  const label = progress?.what ?? what;
  return (
    <div class="task-bar">
      <span class="task-what" role="status">
        {label} …
      </span>
      {total > 0 ? <progress aria-label={label} value={done} max={total} /> : <progress aria-label={label} />}
      <span class="task-share" aria-hidden="true">
        {total > 0 ? `${Math.round((100 * done) / total)} %` : ""}
      </span>
      {onCancel !== undefined && (
        <button type="button" class="plain-button" onClick={onCancel}>
          Cancel
        </button>
      )}
    </div>
  );
}
