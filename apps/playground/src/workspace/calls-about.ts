import type { Compute } from "../compute/compute-client.js";
import { TooLate } from "../compute/too-late.js";
import type { ReadingInput } from "../reading/reading-input.js";
import type { Workspace } from "./workspace.js";

/**
 * The functions of the worker, for a call about an input of a workspace.
 *
 * @throws TooLate when another model has been chosen meanwhile: the call would open that of the input again, and close the chosen one
 */
export async function callsAbout<Calls>(
  compute: Pick<Compute<Calls>, "calls">,
  workspace: Pick<Workspace, "state">,
  { model }: Pick<ReadingInput, "model">,
): Promise<Calls> {
  const calls = await compute.calls;
  if (workspace.state.peek().model !== model) throw new TooLate(`The model ${model} is no longer chosen.`);
  return calls;
}
