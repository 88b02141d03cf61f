import { Random } from "@tfblocks/tensor-utils";

/** The seed of one part of a call, derived from the seed of the call; undefined stays undefined. */
export function partSeed<Seed extends number | undefined>(seed: Seed, part: string | number): Seed;
export function partSeed(seed: number | undefined, part: string | number): number | undefined {
  return seed === undefined ? undefined : new Random(seed).split(part).uint32();
}
