import type { MaskPartName } from "../../reading/mask-of.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import type { Cell } from "../../ui/cell.js";
import { cellStates, type MaskPicture } from "./mask-picture.js";

/** The parts that forbid every pair of a drawn cell. */
export function forbiddenBy({ parts, size }: MaskPicture, { query, key }: Cell): MaskPartName[] {
  return parts.filter(({ states }) => states[query * size + key] === cellStates.none).map(({ name }) => name);
}

/** Why a query may not look at a key, one clause for each part that forbids it; `query` and `key` are positions. */
export function reasonsOf(parts: readonly MaskPartName[], spec: MaskSpec, { query, key }: Cell): string[] {
  const distance = Math.abs(query - key);
  const reasons: Record<MaskPartName, () => string> = {
    order: () => `it comes ${countOf(distance, "token")} later, and causal attention looks only back`,
    window: () => `it is ${countOf(distance, "token")} away, and the window reaches ${reachOf(spec, key < query)}`,
    padding: () => "it is padding, at which nobody looks",
    documents: () => "it belongs to another document",
  };
  return parts.map((part) => reasons[part]());
}

function reachOf({ window }: MaskSpec, isBefore: boolean): string {
  return isBefore ? `${window?.before ?? 0} back` : `${window?.after ?? 0} ahead`;
}

function countOf(count: number, name: string): string {
  return count === 1 ? `1 ${name}` : `${count} ${name}s`;
}
