import type { JSX } from "preact";
import { TaskBar } from "./task-bar.js";
import type { LiveResult } from "../compute/live-result.js";

interface LiveLineProps {
  readonly live: Pick<LiveResult<unknown, unknown>, "task" | "busy" | "failure" | "isCancelled" | "cancel" | "again">;
  /** What is being done: "Reading the heads". */
  readonly what: string;
}

/** How far a result is, with Cancel; after a cancel or a failure, why it is missing, with a button that asks again. */
export function LiveLine({ live, what }: LiveLineProps): JSX.Element | null {
  const { value: task } = live.task;
  if (live.isCancelled.value) return <AgainLine sentence={`${what}: cancelled.`} again={() => live.again()} />;
  if (task !== undefined && live.busy.value) return <TaskBar what={what} progress={task.progress.value} onCancel={() => live.cancel()} />;
  if (live.failure.value !== undefined) return <AgainLine sentence={live.failure.value.sentence} again={() => live.again()} />;
  return null;
}

function AgainLine({ sentence, again }: { readonly sentence: string; readonly again: () => void }): JSX.Element {
  return (
    <p class="again-line" role="status">
      {sentence}{" "}
      <button type="button" class="plain-button" onClick={again}>
        Try again
      </button>
    </p>
  );
}
