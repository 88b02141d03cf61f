import { and, causal, type Mask, packed, padding, prefixLM, slidingWindow } from "@tfblocks/masks";
import type { MaskSpec } from "./mask-spec.js";

/** The parts of a composed mask, in the order in which `maskParts` lists them. */
export type MaskPartName = "order" | "window" | "padding" | "documents";

/** One part of a composed mask. */
export interface MaskPart {
  readonly name: MaskPartName;
  readonly mask: Mask;
}

/**
 * The mask of a spec for a text of `length` tokens: the `and` of its parts; without parts, every pair is allowed.
 *
 * Sizes beyond the text count up to its end, so a spec fits a text of any length.
 *
 * @param room how many positions the mask covers: more than `length` where a text is continued. The new tokens belong to the last
 *   document, and are not padding
 */
export function maskOf(spec: MaskSpec, length: number, room: number = length): Mask {
  return and(...maskParts(spec, length, room).map(({ mask }) => mask));
}

/** The parts of a spec that can forbid something. `causal` and `prefix` are one part, because the prefix is an exception. */
export function maskParts(spec: MaskSpec, length: number, room: number = length): MaskPart[] {
  const { causal: isCausal, prefix, window, padding: padded, documents } = spec;
  const parts: MaskPart[] = [];
  if (isCausal) parts.push({ name: "order", mask: prefix > 0 ? prefixLM(prefix) : causal() });
  if (window !== null) parts.push({ name: "window", mask: slidingWindow({ left: window.before, right: window.after }) });
  if (padded > 0) parts.push({ name: "padding", mask: paddingOf(padded, length, room) });
  const lengths = documentLengths(documents, room);
  if (lengths.length > 1) parts.push({ name: "documents", mask: packed(lengths) });
  return parts;
}

/** The padding of a spec alone, which also hides keys from another text. */
export function paddingOf(padded: number, length: number, room: number = length): Mask {
  const real = Math.max(0, length - padded);
  if (room === length) return padding({ lengths: [real] });
  return padding({ keep: [Array.from({ length: room }, (_, position) => position < real || position >= length)] });
}

/** The lengths of the documents that start at 0 and at these positions; positions outside the text start none. */
export function documentLengths(starts: readonly number[], length: number): number[] {
  const inside = starts.filter((start) => start > 0 && start < length);
  const edges = [0, ...new Set(inside.toSorted((a, b) => a - b)), length];
  return edges.slice(1).map((end, index) => end - edges[index]!);
}
