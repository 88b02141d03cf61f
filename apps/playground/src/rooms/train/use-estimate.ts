import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Task } from "../../compute/task.js";
import { recordEvery, type RunSettings } from "../../training/run-settings.js";
import type { RoomCompute } from "../room.js";

/** Milliseconds without a change before the first steps are measured. */
const pause = 600;

/** The seconds of one step with its share of the measuring, as the first steps take; undefined while they are unknown or another training runs. */
export function useEstimate(compute: RoomCompute, order: RunSettings | undefined, isBusy: boolean): Signal<number | undefined> {
  const seconds = useSignal<number | undefined>(undefined);
  useEffect(() => {
    seconds.value = undefined;
    if (order === undefined || isBusy) return undefined;
    const task = new Task();
    const timer = setTimeout(() => void measure(compute, order, task).then((measured) => (seconds.value = measured)), pause);
    return () => {
      clearTimeout(timer);
      task.cancel();
    };
  }, [paceKey(order), isBusy]);
  return seconds;
}

/** What the time of a step depends on. */
function paceKey(order: RunSettings | undefined): string {
  if (order === undefined) return "";
  const { source, batchSize, steps } = order;
  const what =
    source.kind === "recipe" ? source.recipe : [...Object.values(source.sizes), source.text.length, source.text.slice(0, 100)].join();
  return `${recordEvery(steps)} ${batchSize} ${what}`;
}

/** @returns undefined after a cancel, or if it fails: it is only a hint, and the training itself says what is wrong */
async function measure(compute: RoomCompute, order: RunSettings, task: Task): Promise<number | undefined> {
  try {
    const outcome = await (await compute.calls).train.estimate(order, task.port);
    return outcome?.ok === true && !task.isCancelled ? outcome.result : undefined;
  } catch {
    return undefined;
  }
}
