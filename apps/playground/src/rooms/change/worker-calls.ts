import type { Outcome } from "../../compute/outcome.js";
import type { TaskPort } from "../../compute/task.js";
import { openModel } from "../../models/open-models.js";
import { answer } from "../../reading/answer.js";
import { follow } from "../../reading/follow.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import { reading } from "../../reading/shared-runs.js";
import { ablatedSet } from "./compare/ablated-set.js";
import type { RandomHeads } from "./compare/random-heads.js";
import { readRandomHeads } from "./compare/read-random-heads.js";
import type { PatchReading } from "./patching/patch-reading.js";
import type { PatchSettings } from "./patching/patch-settings.js";
import { readPatches } from "./patching/read-patches.js";

/** How much of the other text's prediction each head or position brings back. The edits are not applied. @returns undefined after a cancel */
export function patches(
  modelsUrl: string,
  input: ReadingInput,
  settings: PatchSettings,
  port: TaskPort,
): Promise<Outcome<PatchReading | undefined>> {
  return answer(async () => readPatches(await openModel(input.model, modelsUrl), input, settings, port));
}

/** What as many random heads do to the loss as the edits switch off, which do nothing else. @returns undefined after a cancel */
export function randomHeads(modelsUrl: string, input: ReadingInput, port: TaskPort): Promise<Outcome<RandomHeads | undefined>> {
  const set = ablatedSet(input.edits)!;
  return reading(modelsUrl, { ...input, edits: [] }, (run) =>
    follow(run, port, "Switching off random heads", (onProgress) => readRandomHeads(run, set, onProgress)),
  );
}
