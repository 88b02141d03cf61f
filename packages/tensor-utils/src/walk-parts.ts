import { Variable } from "@tensorflow/tfjs-core";
import { joinNames, namedParts, type Part } from "./block.js";
import type { Composite } from "./composite.js";

/**
 * Every block inside a block with its dotted name, in the order of the parts; a block comes before its own parts. A block
 * that occurs in several places comes once for each of its names.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend } from "@tensorflow/tfjs-core";
 * import { feedForward } from "@tfblocks/feed-forward";
 * import { walkParts } from "@tfblocks/tensor-utils";
 *
 * await setBackend("cpu");
 * console.log(walkParts(feedForward({ dModel: 8 })).map(([name]) => name)); // [ 'up', 'down' ]
 * ```
 */
export function walkParts(block: Composite, prefix = ""): [name: string, part: Exclude<Part, Variable>][] {
  return namedParts(block.parts()).flatMap(([inner, part]): [string, Exclude<Part, Variable>][] => {
    if (part instanceof Variable) return [];
    const name = joinNames(prefix, inner);
    return [[name, part], ...(hasParts(part) ? walkParts(part, name) : [])];
  });
}

/** Whether a part is a block with parts of its own. */
export function hasParts(part: object): part is Composite {
  return "parts" in part;
}
