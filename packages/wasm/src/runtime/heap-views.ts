import type { ArgumentViews } from "../generated/kernel-arguments.js";

/** Typed arrays over a heap that may grow. Growth leaves those of unshared memory empty, and those of shared memory too short. */
export class HeapViews {
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  #words: Uint32Array;
  #floats: Float32Array;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
    this.#floats = new Float32Array(memory.buffer);
  }

  copy({ buffer, byteOffset, byteLength }: Uint8Array | Uint32Array | Int32Array | Float32Array, address: number): void {
    this.#renewUpTo(address + byteLength);
    this.#bytes.set(new Uint8Array(buffer, byteOffset, byteLength), address);
  }

  /** Sets bytes to 0. */
  clear(address: number, bytes: number): void {
    this.#renewUpTo(address + bytes);
    this.#bytes.fill(0, address, address + bytes);
  }

  /** Views for the arguments of a kernel at an address. */
  viewsAt(address: number): ArgumentViews {
    this.#renewUpTo(address + 4);
    return { words: this.#words, floats: this.#floats, at: address >>> 2 };
  }

  #renewUpTo(end: number): void {
    if (end <= this.#bytes.length) return;
    const { buffer } = this.#memory;
    [this.#bytes, this.#words, this.#floats] = [new Uint8Array(buffer), new Uint32Array(buffer), new Float32Array(buffer)];
  }
}
