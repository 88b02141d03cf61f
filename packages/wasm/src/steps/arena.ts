import type { TfjsModule } from "../tfjs/tfjs-module.js";

const chunkBytes = 2 ** 18;
const alignment = 16;

interface Chunk {
  /** What the heap gave out. */
  readonly block: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Memory of one step, given out from its start at each recording, so that the same body finds everything at the same address. Nothing in
 * it is freed before all of it.
 */
export class Arena {
  readonly #module: TfjsModule;
  readonly #malloc: TfjsModule["_malloc"];
  readonly #chunks: Chunk[] = [];
  #chunk = 0;
  #at = 0;

  constructor(module: TfjsModule) {
    this.#module = module;
    this.#malloc = module._malloc.bind(module); // while a step is recorded, the module gives out memory of its arena
    arenasOf(module).add(this);
  }

  /** @throws AllocationError when the heap is full */
  allocate(bytes: number): number {
    const { start, end } = this.#chunks[this.#chunk] ?? this.#grow(bytes);
    const address = start + this.#at;
    if (address + bytes > end) {
      [this.#chunk, this.#at] = [this.#chunk + 1, 0];
      return this.allocate(bytes);
    }
    this.#at += Math.ceil(bytes / alignment) * alignment;
    return address;
  }

  /** Gives everything out again. */
  rewind(): void {
    [this.#chunk, this.#at] = [0, 0];
  }

  has(address: number): boolean {
    return this.#chunks.some(({ start, end }) => address >= start && address < end);
  }

  dispose(): void {
    arenasOf(this.#module).delete(this);
    for (const { block } of this.#chunks.splice(0)) this.#module._free(block);
  }

  #grow(bytes: number): Chunk {
    const size = Math.max(chunkBytes, bytes) + alignment;
    const block = this.#malloc(size);
    const chunk = { block, start: Math.ceil(block / alignment) * alignment, end: block + size };
    this.#chunks.push(chunk);
    return chunk;
  }
}

const arenas = new WeakMap<TfjsModule, Set<Arena>>();

/** The arenas of a heap, whose parts tfjs no longer frees one by one. */
function arenasOf(module: TfjsModule): Set<Arena> {
  const known = arenas.get(module);
  if (known !== undefined) return known;
  const made = new Set<Arena>();
  const free = module._free.bind(module);
  module._free = (address) => {
    for (const arena of made) if (arena.has(address >>> 0)) return;
    free(address);
  };
  arenas.set(module, made);
  return made;
}
