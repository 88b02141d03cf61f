import type { TaskPort } from "../compute/task.js";
import { refuseModel } from "./explain-failure.js";
import { buildUntrained, loadTrained } from "./load-trained.js";
import { loadOwn } from "./load-own.js";
import type { ModelId } from "./model-id.js";
import { Opening } from "./opening.js";
import type { OpenModel } from "./opened-model.js";
import { ownModel } from "./own-files/own-models.js";
import { runModels } from "./run-models.js";

/** The chosen model, open or still loading. */
let chosen: Opening | undefined;

/**
 * A model that is kept open until another one is opened. Calls for the same model share it.
 *
 * @param port is told how far the loading is; it is cancelled for all who wait once every port has cancelled it
 * @throws Cancelled after a cancel, or when another model is opened meanwhile
 * @throws Error with a sentence for the reader; nothing is left in memory
 */
export async function openModel(id: ModelId, modelsUrl: string, port?: TaskPort): Promise<OpenModel> {
  if (chosen?.id !== id) {
    closeChosen();
    const opening = new Opening(id, (progress) => load(id, modelsUrl, progress));
    opening.model.catch(() => {
      if (chosen === opening) chosen = undefined;
    });
    chosen = opening;
  }
  if (port !== undefined) chosen.follow(port);
  return chosen.model;
}

/** Closes the chosen model if it is this one, or any without an id. */
export function closeChosen(id?: ModelId): void {
  if (id !== undefined && chosen?.id !== id) return;
  chosen?.close();
  chosen = undefined;
}

type Progress = Parameters<ConstructorParameters<typeof Opening>[1]>[0];

async function load(id: ModelId, modelsUrl: string, { report, signal }: Progress): Promise<OpenModel> {
  const own = await ownModel(id);
  if (own !== undefined) {
    const onProgress = ({ loadedBytes, totalBytes }: { loadedBytes: number; totalBytes: number }) =>
      report("Reading the weights", loadedBytes, totalBytes);
    return loadOwn(own, { onProgress, signal });
  }
  if (id.startsWith("own-")) refuseModel("This model is made of files of yours, which the page has not kept. Please open them again.");
  const runs = runModels();
  if (id.startsWith("run-") && runs !== undefined) return runs.open(id);
  return id.startsWith("untrained-") ? buildUntrained(id.slice("untrained-".length)) : loadTrained(id, modelsUrl, signal);
}
