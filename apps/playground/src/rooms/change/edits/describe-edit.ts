import type { AttentionStack } from "../../../models/model-info.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { formatNumber } from "../../../ui/format.js";
import { maskWords } from "../../../ui/mask-words.js";
import { headLabels, partLabel } from "./part-names.js";

/** What an edit does, as a plain sentence without its period: "L1·H3 switched off (replaced by zero)". */
export function describeEdit(edit: EditSpec, stacks: readonly AttentionStack[]): string {
  switch (edit.kind) {
    case "ablate":
      return `${namesOf(stacks, edit)} switched off (${edit.by === "zero" ? "replaced by zero" : "replaced by the mean over this text"})`;
    case "scale":
      return `${namesOf(stacks, edit)} turned to ${Math.round(edit.factor * 100)} %`;
    case "patch":
      return `${patched(stacks, edit)} taken from the text ${quoted(edit.from)}${positionsOf(edit.positions)}`;
    case "steer":
      return `After ${partLabel(stacks, edit.part)} pushed toward ${quoted(edit.toward)} and away from ${quoted(edit.away)}, strength ${formatNumber(edit.strength)}`;
    case "freeze":
      return `Attention of ${partLabel(stacks, edit.part)} frozen to that of the text ${quoted(edit.from)}`;
    default:
      return `Mask in every layer: ${maskWords(edit.mask)}`;
  }
}

function namesOf(stacks: readonly AttentionStack[], { part, heads }: { readonly part: string; readonly heads: readonly number[] }): string {
  const all = stacks.find(({ parts }) => parts.includes(part))?.heads;
  if (heads.length > 1 && heads.length === all) return `All heads of ${partLabel(stacks, part)}`;
  return listed(headLabels(stacks, part, heads));
}

function patched(stacks: readonly AttentionStack[], { part, heads }: Extract<EditSpec, { kind: "patch" }>): string {
  return heads === undefined ? `The stream after ${partLabel(stacks, part)}` : namesOf(stacks, { part, heads });
}

/** The positions as ranges: " at positions 2 to 4 and 7". */
function positionsOf(positions: readonly number[] | undefined): string {
  if (positions === undefined || positions.length === 0) return "";
  const ranges = rangesOf(positions).map(([first, last]) => (first === last ? String(first) : `${first} to ${last}`));
  return ` at ${positions.length === 1 ? "position" : "positions"} ${listed(ranges)}`;
}

/** Positions as ranges, in ascending order. */
export function rangesOf(positions: readonly number[]): (readonly [first: number, last: number])[] {
  const ranges: [number, number][] = [];
  for (const position of positions.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && position <= last[1] + 1) last[1] = position;
    else ranges.push([position, position]);
  }
  return ranges;
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

const longestQuote = 40;

/** A text in quotation marks, cut if it is long. */
function quoted(text: string): string {
  const characters = Array.from(text);
  return characters.length > longestQuote ? `“${characters.slice(0, longestQuote).join("")}…”` : `“${text}”`;
}
