import { Random } from "@tfblocks/tensor-utils";
import type { FuzzTensor } from "./fuzz-tensor.js";

type NumberKind = "ordinary" | "large" | "integers" | "special" | "edge";

/** Lengths at which blocked kernels go wrong: empty, one, odd, around a block, not a multiple of four. */
const nastyLengths = [0, 1, 3, 16, 17, 47, 48, 49, 96, 129] as const;
const plainLengths = [1, 1, 2, 2, 3, 4, 5, 7, 8] as const;
const specials = [NaN, Infinity, -Infinity, -0, -1e30] as const;
/** Magnitudes at which float32 ends: the largest, some whose product with log2 e or whose square overflows, and subnormals. */
const edges = [3.4028234663852886e38, 3e38, 2.5e38, 1e38, 1e30, 1e20, 0, 1e-20, 2e-38, 1e-40, 1e-45] as const;

/** Seeded shapes, numbers and choices; the same seed gives the same case. */
export class FuzzSource {
  readonly #random: Random;

  constructor(kernelName: string, seed: number) {
    this.#random = new Random(seed).split(kernelName);
  }

  /** An integer in low .. high. */
  integer(low: number, high: number): number {
    return low + this.#random.integer(high - low + 1);
  }

  pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.#random.integer(choices.length)]!;
  }

  chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }

  /** Mostly short dimensions, with one nasty length in two of three shapes; a few shapes have some ten thousand elements. */
  shape(minRank = 1, maxRank = 6, maxSize = 4000): number[] {
    const shape = Array.from({ length: this.integer(minRank, maxRank) }, () => this.pick(plainLengths) as number);
    if (shape.length > 0 && this.chance(0.66)) shape[this.#random.integer(shape.length)] = this.pick(nastyLengths);
    if (shape.length > 0 && maxSize >= 4000 && this.chance(0.03)) shape[this.#random.integer(shape.length)] = this.integer(2000, 40_000);
    const limit = shape.some((length) => length >= 2000) ? 80_000 : maxSize;
    while (shape.reduce((size, length) => size * length, 1) > limit) shape[shape.indexOf(largestBelow(shape, 2000))] = 1;
    return shape;
  }

  /** A length that is nasty in one of two draws. */
  length(): number {
    return this.chance(0.5) ? this.pick(nastyLengths) : this.integer(1, 12);
  }

  tensor(shape: readonly number[], dtype: FuzzTensor["dtype"] = "float32", kind?: NumberKind): FuzzTensor {
    const size = shape.reduce((product, length) => product * length, 1);
    const chosen = kind ?? this.pick(["ordinary", "ordinary", "ordinary", "large", "integers", "special", "edge"]);
    const numbers = Array.from({ length: size }, () => this.#number(dtype, chosen));
    const values =
      dtype === "float32" ? Float32Array.from(numbers) : dtype === "int32" ? Int32Array.from(numbers) : Uint8Array.from(numbers);
    return { shape, dtype, values, view: this.chance(0.25) };
  }

  /** Indices into a dimension of this length. */
  indices(shape: readonly number[], length: number): FuzzTensor {
    const size = shape.reduce((product, each) => product * each, 1);
    const values = Int32Array.from({ length: size }, () => this.#random.integer(Math.max(1, length)));
    return { shape, dtype: "int32", values, view: this.chance(0.25) };
  }

  /** One axis, counted from either end. */
  axis(rank: number): number {
    return this.integer(-rank, rank - 1);
  }

  /** Some axes, each counted from either end, in any order. */
  axes(rank: number): number[] {
    const all = Array.from({ length: rank }, (_, axis) => axis).filter(() => this.chance(0.5));
    const chosen = all.length === 0 ? [rank - 1] : all;
    return (this.chance(0.2) ? chosen.toReversed() : chosen).map((axis) => (this.chance(0.3) ? axis - rank : axis));
  }

  #number(dtype: FuzzTensor["dtype"], kind: NumberKind): number {
    if (dtype === "bool") return this.#random.integer(2);
    if (dtype === "int32") return this.integer(-9, 9) * (kind === "large" ? 10_000_001 : 1);
    if (kind === "integers") return this.integer(-3, 3);
    if (kind === "edge") return this.chance(0.5) ? this.pick(edges) * this.pick([1, -1]) : this.#random.normal();
    if (kind === "special" && this.chance(0.1)) return this.pick(specials);
    return this.#random.normal() * (kind === "large" ? 1e4 : 1);
  }
}

function largestBelow(shape: readonly number[], bound: number): number {
  return Math.max(...shape.filter((length) => length < bound));
}
