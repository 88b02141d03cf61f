import type { RoomCompute } from "../room.js";
import { recallActiveRun } from "./active-run.js";

/** Goes on with the training that a reload of this tab has interrupted, whatever room is shown. */
export async function continueTraining(compute: RoomCompute): Promise<void> {
  if (recallActiveRun() === undefined) return;
  try {
    const { theTrainings } = await import("./the-trainings.js");
    theTrainings(compute);
  } catch {
    return; // the code could not be fetched: the training room tries again
  }
}
