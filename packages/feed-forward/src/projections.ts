import { disposeParts, Linear } from "@tfblocks/tensor-utils";
import type { ResolvedFeedForward } from "./feed-forward-options.js";

/**
 * The linear maps of a feed-forward block: each of `widening` from dModel to hiddenDim, and `down` back. When one cannot
 * be made, none stays.
 */
export function projections<Name extends string>(
  widening: readonly Name[],
  { dModel, hiddenDim, bias, init, random }: ResolvedFeedForward,
): Record<Name | "down", Linear> {
  const made: Record<string, Linear> = {};
  const project = (name: string, inFeatures: number, outFeatures: number) => {
    made[name] = new Linear({ inFeatures, outFeatures, bias, random: random.split(name), ...(init && { init }) });
  };
  try {
    for (const name of widening) project(name, dModel, hiddenDim);
    project("down", hiddenDim, dModel);
  } catch (error) {
    disposeParts(made);
    throw error;
  }
  return made as Record<Name | "down", Linear>;
}
