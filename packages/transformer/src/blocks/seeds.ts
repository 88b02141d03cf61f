import { Random } from "@tfblocks/tensor-utils";

/** A seed of its own for each part of a call, from the call's; undefined stays so. */
export function partSeed(seed: number | undefined, part: string | number): number | undefined {
  return seed === undefined ? undefined : new Random(seed).split(part).uint32();
}
