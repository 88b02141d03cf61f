import type { MaskSpec } from "../reading/mask-spec.js";

/** A mask in words, for example "causal, window of 3 back". */
export function maskWords(mask: MaskSpec): string {
  return [orderWords(mask), ...partsBesideOrder.map((words) => words(mask))].filter((words) => words !== undefined).join(", ");
}

/** In which order tokens see each other. */
export function orderWords({ causal, prefix }: MaskSpec): string {
  if (!causal) return "both directions";
  return prefix > 0 ? `causal, prefix of ${prefix}` : "causal";
}

/** How far the window reaches; undefined without one. */
export function windowWords({ window }: MaskSpec): string | undefined {
  if (window === null) return undefined;
  const { before, after } = window;
  if (before === 0 && after === 0) return "each token alone";
  const sides = [before > 0 ? `${before} back` : "", after > 0 ? `${after} ahead` : ""];
  return `window of ${sides.filter((side) => side !== "").join(" and ")}`;
}

/** How many of the last tokens are padding; undefined without any. */
export function paddingWords({ padding }: MaskSpec): string | undefined {
  return padding === 0 ? undefined : `padding of ${padding}`;
}

/** Into how many documents the text is cut; undefined for one. */
export function documentWords({ documents }: MaskSpec): string | undefined {
  return documents.length === 0 ? undefined : `${documents.length + 1} documents`;
}

const partsBesideOrder = [windowWords, paddingWords, documentWords];
