import { Random } from "@tfblocks/tensor-utils";
import type { CompositionHead } from "./composition-heads.js";
import type { PairScore } from "./composition-scores.js";
import { type Gram, normOfProduct, withGrams } from "./factored-matrix.js";
import { type Matrix, matrix } from "./matrix.js";

/** The mean score of standard normal factors of the same shapes. Pairs of the same shapes have the same baseline. */
export function randomBaseline(heads: readonly CompositionHead[], draws: number, seed: number): PairScore {
  const known = new Map<string, number>();
  return (from, to, kind) => {
    const [writes, reads] = [heads[from]!.writes, heads[to]!.reads[kind]];
    const shapes = [writes.left, writes.right, reads.left, reads.right].map(({ rows, columns }) => `${rows}×${columns}`).join(" ");
    const mean = known.get(shapes) ?? meanScore(draws, new Random(seed).split(shapes), writes, reads);
    known.set(shapes, mean);
    return mean;
  };
}

function meanScore(draws: number, random: Random, writes: Gram, reads: Gram): number {
  let sum = 0;
  for (let draw = 0; draw < draws; draw++) {
    const [left, right] = [drawn(writes, random.split(draw).split("writes")), drawn(reads, random.split(draw).split("reads"))];
    sum += normOfProduct(left, right) / (left.norm * right.norm);
  }
  return sum / draws;
}

function drawn({ left, right }: Gram, random: Random): Gram {
  const like = ({ rows, columns }: Matrix) => matrix(rows, columns, () => random.normal());
  return withGrams({ left: like(left), right: like(right) });
}
