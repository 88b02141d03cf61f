import type { TaskPort } from "../compute/task.js";
import { OutdatedError } from "./pause.js";
import type { Run } from "./run.js";

/** Reports progress and lets the worker answer other calls; ends the computation by what it throws. */
export type OnProgress = (done: number, total: number) => Promise<void>;

class Cancelled extends Error {}

/**
 * Follows a computation that takes long.
 *
 * @param what is being done, for the reader
 * @returns undefined after a cancel
 * @throws OutdatedError when the input has changed meanwhile
 */
export async function follow<Result>(
  run: Run,
  port: TaskPort,
  what: string,
  compute: (onProgress: OnProgress) => Promise<Result>,
): Promise<Result | undefined> {
  const onProgress: OnProgress = async (done, total) => {
    const isWanted = await port.step(what, done, total);
    if (!isWanted) throw new Cancelled();
    if (run.isOutdated) throw new OutdatedError("The text has changed meanwhile.");
  };
  try {
    await onProgress(0, 0);
    return await compute(onProgress);
  } catch (error) {
    if (error instanceof Cancelled) return undefined;
    throw error;
  }
}
