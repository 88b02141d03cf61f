import { checkInteger } from "./check-number.js";
import { threefry2x32 } from "./threefry.js";

/**
 * A seeded random number generator that can be split. `split` derives an independent generator from a label and draws
 * nothing, so that adding a parameter to a model does not change the initial values of the others.
 *
 * Counter-based (Threefry-2x32, 20 rounds): the n-th word depends only on the seed, the labels and n.
 *
 * @throws ValueError when the seed is not an integer from 0 to 2^53 - 1
 */
export class Random {
  readonly #key0: number;
  readonly #key1: number;
  readonly #words = new Uint32Array(2);
  #drawn = 0;

  constructor(seed: number) {
    checkInteger("Random", "seed", seed, 0);
    this.#key0 = Math.floor(seed / 2 ** 32);
    this.#key1 = seed >>> 0;
  }

  /** An independent generator for a label. Drawing from one does not advance the other. */
  split(label: string | number): Random {
    const words = new Uint32Array([this.#key0, this.#key1]);
    const text = `${typeof label}:${label}`;
    for (let at = 0; at < text.length; at++) threefry2x32(words, words[0]!, words[1]!, text.charCodeAt(at), at + 1);
    return new Random((words[0]! & 0x1fffff) * 2 ** 32 + words[1]!);
  }

  /** A random integer from 0 to 2^32 - 1. */
  uint32(): number {
    const index = this.#drawn++;
    if (index % 2 === 0) threefry2x32(this.#words, this.#key0, this.#key1, (index / 2) >>> 0, Math.floor(index / 2 ** 33));
    return this.#words[index % 2]!;
  }

  /** Uniform on [0, 1). Always a multiple of 2^-24, which float32 represents exactly. */
  uniform(): number {
    return (this.uint32() >>> 8) / 2 ** 24;
  }

  /** Standard normal, by the Box-Muller transform. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log((this.uint32() + 0.5) / 2 ** 32));
    return radius * Math.cos((2 * Math.PI * this.uint32()) / 2 ** 32);
  }

  /**
   * A uniform random integer from 0 to limit - 1.
   *
   * @throws ValueError when the limit is not an integer from 1 to 2^32
   */
  integer(limit: number): number {
    checkInteger("Random.integer", "limit", limit, 1, 2 ** 32);
    const fair = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      const word = this.uint32();
      if (word < fair) return word % limit;
    }
  }
}

/** Its parts are itself, so that a whole model built from it draws nothing. */
class UnsetRandom extends Random {
  override split(): Random {
    return this;
  }
}

/**
 * The source of parameters that are loaded next: the initializers of this package give tensors that have a shape and no
 * numbers. They take no memory, and using one before it is set is an error.
 */
export const unsetRandom: Random = new UnsetRandom(0);
