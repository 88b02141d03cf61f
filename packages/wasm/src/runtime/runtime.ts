import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { type ArgumentViews, encoders, type KernelArguments } from "../generated/kernel-arguments.js";
import { kernelNumbers } from "../generated/kernel-modules.js";
import type { TfjsModule } from "../tfjs/tfjs-module.js";
import { mayWait } from "./features.js";
import type { KernelExports, ScratchSizes } from "./kernel-module.js";
import { Pool } from "./pool.js";

/** A function of assembly/kernels/. */
export type KernelFunction = keyof KernelArguments;

/** The functions that take these arguments. */
export type KernelsWith<Arguments> = {
  [Kernel in KernelFunction]: Arguments extends KernelArguments[Kernel] ? Kernel : never;
}[KernelFunction];

/** Milliseconds without progress after which a worker counts as dead. */
const patience = 4000;

/** Multiply-adds that take about as long as waking a worker. */
const worthSharing = 2 ** 19;

/** What a kernel needs of one backend: tfjs's heap, our functions over it, and the threads. */
export class Runtime {
  readonly backend: BackendWasm;
  readonly #module: TfjsModule;
  readonly #memory: WebAssembly.Memory;
  readonly #exports: KernelExports;
  #control: number;
  #pool: Pool = Pool.none;
  #views: ArgumentViews;
  /** Outputs made in the current call, to be freed when it fails. */
  #made: TensorInfo[] = [];

  constructor(backend: BackendWasm, memory: WebAssembly.Memory, exports: KernelExports) {
    this.backend = backend;
    this.#module = backend.wasm as TfjsModule;
    this.#memory = memory;
    this.#exports = exports;
    this.#control = this.#allocateControl();
    this.#views = this.#viewArguments();
  }

  /** Starts workers beside the calling thread; how many came, and why no more, is in the pool. */
  async startPool(module: WebAssembly.Module, size: number, timeout: number): Promise<void> {
    this.#pool = await Pool.start({ module, memory: this.#memory, control: this.#control }, size, timeout);
  }

  /** The workers beside the calling thread. */
  get pool(): Pool {
    return this.#pool;
  }

  /** Numbers that a task may see as its thread are below this: for memory that each thread needs for itself. */
  get threads(): number {
    return this.#pool.slots;
  }

  /** How much memory to lend to kernels that need some. */
  get scratchSizes(): ScratchSizes {
    return this.#exports;
  }

  /** Where a tensor's numbers are. */
  address({ dataId }: TensorInfo): number {
    return this.backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** A new tensor with undefined contents; the caller of the kernel owns it. */
  output(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    const made = this.backend.makeOutput([...shape], dtype);
    this.#made.push(made);
    return made;
  }

  /** Frees an output that was only a step on the way. */
  release(made: TensorInfo): void {
    this.#made = this.#made.filter(({ dataId }) => dataId !== made.dataId);
    this.backend.disposeData(made.dataId);
  }

  /** Frees the outputs of a call that throws. */
  guarded<Result>(call: () => Result): Result {
    const outer = this.#made;
    this.#made = [];
    try {
      return call();
    } catch (error) {
      for (const { dataId } of this.#made) this.backend.disposeData(dataId);
      throw error;
    } finally {
      this.#made = outer;
    }
  }

  /** Lends a body some bytes of the heap, aligned to 16. */
  scratch<Result>(bytes: number, body: (address: number) => Result): Result {
    const start = this.#module._malloc(bytes + 16);
    try {
      return body(((start + 15) & ~15) >>> 0);
    } finally {
      this.#module._free(start);
    }
  }

  /** Lends a body a copy of an array on the heap. */
  upload<Result>(array: Uint8Array | Int32Array | Float32Array, body: (address: number) => Result): Result {
    return this.scratch(array.byteLength, (address) => {
      new Uint8Array(this.#memory.buffer, address, array.byteLength).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      return body(address);
    });
  }

  /** Sets bytes of the heap to 0. */
  clear(address: number, bytes: number): void {
    new Uint8Array(this.#memory.buffer, address, bytes).fill(0);
  }

  /** A copy of words of the heap. */
  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, address, count).slice();
  }

  /**
   * Runs tasks 0 .. tasks - 1 of a kernel, on all threads when that pays.
   *
   * @param work multiply-adds of all tasks together; left out, they are many
   */
  run<Kernel extends KernelFunction>(kernel: Kernel, args: KernelArguments[Kernel], tasks = 1, work: number = Infinity): void {
    if (tasks < 1) return;
    this.#writeArguments(kernel, args);
    const number = kernelNumbers[kernel];
    if (this.#pool.size === 0 || tasks === 1 || work < worthSharing) return this.#exports.runAlone(this.#control, number, tasks);
    if (this.#exports.runShared(this.#control, number, tasks, mayWait ? 1 : 0, patience) === 0) this.#runAgain(kernel, args, tasks);
  }

  /**
   * A worker died with a task: the whole job is done once more by the calling thread, which goes on alone. A task writes
   * only what it computes from the inputs, so a second time does no harm; in words of its own, no harm comes from a
   * worker that only seemed dead either.
   */
  #runAgain<Kernel extends KernelFunction>(kernel: Kernel, args: KernelArguments[Kernel], tasks: number): void {
    this.#pool.abandon(`a worker did not answer for ${patience / 1000} s`);
    this.#control = this.#allocateControl();
    this.#views = this.#viewArguments();
    this.#writeArguments(kernel, args);
    this.#exports.runAlone(this.#control, kernelNumbers[kernel], tasks);
  }

  /** Ends the threads, before the heap goes. */
  stop(): void {
    this.#exports.stop(this.#control);
    this.#pool.terminate();
  }

  /** Zeroed words for the pool, aligned to a cache line; they live as long as the heap. */
  #allocateControl(): number {
    const bytes = this.#exports.controlBytes();
    const control = ((this.#module._malloc(bytes + 63) + 63) & ~63) >>> 0;
    new Uint8Array(this.#memory.buffer, control, bytes).fill(0);
    return control;
  }

  #viewArguments(): ArgumentViews {
    const { buffer } = this.#memory;
    const at = (this.#control + this.#exports.argumentsOffset()) >>> 2;
    return { words: new Uint32Array(buffer), floats: new Float32Array(buffer), at };
  }

  #writeArguments<Kernel extends KernelFunction>(kernel: Kernel, args: KernelArguments[Kernel]): void {
    if (this.#views.words.length === 0) this.#views = this.#viewArguments(); // the heap grew and moved
    encoders[kernel](this.#views, args);
  }
}

/** Splits rows into tasks of about 2^16 steps of work; by sizes alone, so that thread counts change nothing. */
export function splitRows(rows: number, workPerRow: number): { rowsPerTask: number; tasks: number } {
  const rowsPerTask = Math.max(1, Math.ceil(2 ** 16 / Math.max(1, workPerRow)));
  return { rowsPerTask, tasks: Math.ceil(rows / rowsPerTask) };
}
