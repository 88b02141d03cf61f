import { useSignalEffect } from "@preact/signals";
import { untracked } from "@preact/signals";
import type { LiveResult } from "../../compute/live-result.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import type { Workspace } from "../../workspace/workspace.js";

/** Asks whenever the workspace has another text, model or edits, as soon as the model is open. @param request undefined to ask nothing */
export function useRequest<Input>(
  workspace: Workspace,
  result: LiveResult<Input, unknown>,
  request: (input: ReadingInput) => Input | undefined,
): void {
  useSignalEffect(() => {
    const [input, info] = [workspace.input.value, workspace.info.value];
    if (info?.id !== input.model) return;
    const wanted = request(input);
    if (wanted !== undefined) untracked(() => result.request(wanted));
  });
}
