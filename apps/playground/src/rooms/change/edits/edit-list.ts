import type { EditSpec } from "../../../reading/edit-spec.js";

/** A list with the item at an index replaced by others. */
export function replaced<Item>(items: readonly Item[], index: number, others: readonly Item[]): Item[] {
  return items.toSpliced(index, 1, ...others);
}

/** A list with the item at an index moved so many places; it stays within the list. */
export function moved<Item>(items: readonly Item[], index: number, by: number): Item[] {
  const to = Math.min(items.length - 1, Math.max(0, index + by));
  return items.toSpliced(index, 1).toSpliced(to, 0, items[index]!);
}

/** Whether a head is switched off by one of the edits. */
export function isOff(edits: readonly EditSpec[], part: string, head: number): boolean {
  return edits.some((edit) => edit.kind === "ablate" && edit.part === part && edit.heads.includes(head));
}

/** Switches a head off after the other edits, or on again. Heads of one attention that are switched off one after the other share an edit. */
export function toggleHead(edits: readonly EditSpec[], part: string, head: number, by: "zero" | "mean"): EditSpec[] {
  if (isOff(edits, part, head)) return edits.flatMap((edit) => withoutHead(edit, part, head));
  const last = edits.at(-1);
  if (last?.kind !== "ablate" || last.part !== part || last.by !== by) return [...edits, { kind: "ablate", part, heads: [head], by }];
  return [...edits.slice(0, -1), { ...last, heads: [...last.heads, head].toSorted((a, b) => a - b) }];
}

function withoutHead(edit: EditSpec, part: string, head: number): EditSpec[] {
  if (edit.kind !== "ablate" || edit.part !== part) return [edit];
  const heads = edit.heads.filter((each) => each !== head);
  return heads.length === 0 ? [] : [{ ...edit, heads }];
}
