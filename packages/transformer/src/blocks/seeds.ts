import { Random } from "@tfblocks/tensor-utils";

/** Derives the seed of one part from the seed of the call. Returns undefined for undefined. */
export function partSeed<Seed extends number | undefined>(seed: Seed, part: string | number): Seed;
export function partSeed(seed: number | undefined, part: string | number): number | undefined {
  return seed === undefined ? undefined : new Random(seed).split(part).uint32();
}
