import type { Block, Parts } from "@tfblocks/tensor-utils";

/** Parts of a list, as `"layers.0"`, `"layers.1"`, … */
export function numbered(name: string, parts: readonly Pick<Block, "parameters" | "dispose">[]): Parts {
  return Object.fromEntries(parts.map((part, index) => [`${name}.${index}`, part]));
}
