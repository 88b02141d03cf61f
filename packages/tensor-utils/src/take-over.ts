import type { Composite } from "./composite.js";
import { addedParts } from "./ownership.js";
import { walkParts } from "./walk-parts.js";

/**
 * Makes a block of `replaceParts` the owner of all its parts, and frees what only the old block has. The old block must not be used or
 * disposed after that.
 *
 * @param block that `replaceParts` made from the old one; no replacement contains the part that it replaces
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { memory, setBackend } from "@tensorflow/tfjs-core";
 * import { feedForward } from "@tfblocks/feed-forward";
 * import { Linear, replaceParts, takeOver } from "@tfblocks/tensor-utils";
 *
 * await setBackend("cpu");
 * const network = feedForward({ dModel: 8 });
 * const other = replaceParts(network, "down", () => new Linear({ inFeatures: 32, outFeatures: 8 }));
 * takeOver(other, network); // frees the old "down"
 * other.dispose();
 * console.log(memory().numTensors); // 0
 * ```
 */
export function takeOver(block: Composite, old: Composite): void {
  for (const part of [block, ...walkParts(block).map(([, each]) => each)]) addedParts.delete(part);
  const kept = new Set(variablesOf(block));
  for (const variable of variablesOf(old)) if (!kept.has(variable) && !variable.isDisposed) variable.dispose();
}

function variablesOf(block: Composite) {
  return Object.values({ ...block.parameters(), ...block.buffers() });
}
