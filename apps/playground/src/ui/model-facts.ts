import type { ModelInfo } from "../models/model-info.js";

/** The sizes of a model in a few words: "3 layers × 4 heads, vector size 64, 130 k parameters". */
export function modelFacts({ stacks, dModel, parameters }: Pick<ModelInfo, "stacks" | "dModel" | "parameters">): string {
  const layers = stacks
    .filter(({ kind }) => kind !== "cross")
    .map(({ kind, parts, heads }) => `${nameOf(kind)}${parts.length} layers × ${heads} heads`);
  return `${layers.join(", ")}, vector size ${dModel}, ${shownCount(parameters)} parameters`;
}

function nameOf(kind: ModelInfo["stacks"][number]["kind"]): string {
  return kind === "self" ? "" : `${kind} `;
}

/** A large number in a few characters: "130 k", "22.7 million". */
export function shownCount(count: number): string {
  if (count < 10_000) return String(count);
  if (count < 1e6) return `${Math.round(count / 1e3)}\u00a0k`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)}\u00a0million` : `${(count / 1e9).toFixed(1)}\u00a0billion`;
}
