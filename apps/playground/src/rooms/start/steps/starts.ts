import type { HeadPlace } from "../../../models/model-info.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import type { WorkspaceState } from "../../../workspace/workspace.js";

const self = (layer: number, head: number): HeadPlace => ({ kind: "self", layer, head });

/** A string of random characters that starts again: the text of the steps about one head. */
export const repeated: WorkspaceState = { model: "induction", text: "qX7mBe+ZkT2wqX7mBe+Z", answer: "", edits: [], head: self(1, 3) };

/** The position at which the string starts again. */
export const restart = 12;

/** The same, with the head that finds the previous token. */
export const previousToken: WorkspaceState = { ...repeated, head: self(0, 0) };

/** What that head writes when the model reads a text that begins like it, and does not start again. */
export const patchedHead = {
  kind: "patch",
  part: "layers.0.attention",
  heads: [0],
  from: "qX7mBe+ZkT2wVUSRQPON",
} as const satisfies EditSpec;
