import type { HeadName } from "@tfblocks/analysis/models";
import type { EditSpec } from "../../../reading/edit-spec.js";

/** Heads that are switched off, all by the same. */
export interface AblatedSet {
  readonly heads: readonly HeadName[];
  readonly by: "zero" | "mean";
}

/** The heads that the edits switch off; undefined if they do anything else. */
export function ablatedSet(edits: readonly EditSpec[]): AblatedSet | undefined {
  const [first] = edits;
  if (first?.kind !== "ablate") return undefined;
  const isSet = edits.every((edit) => edit.kind === "ablate" && edit.by === first.by && edit.heads.length > 0);
  return isSet ? { heads: headsOff(edits), by: first.by } : undefined;
}

/** The heads that any of the edits switches off, each once. */
function headsOff(edits: readonly EditSpec[]): HeadName[] {
  const names = edits.flatMap((edit) => (edit.kind === "ablate" ? edit.heads.map((head) => ({ attention: edit.part, head })) : []));
  return [...new Map(names.map((name) => [`${name.attention} ${name.head}`, name])).values()];
}
