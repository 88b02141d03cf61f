import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { type ArgumentViews, encoders, type KernelArguments } from "../generated/kernel-arguments.js";
import { kernelNumbers } from "../generated/kernel-modules.js";
import type { TfjsModule } from "../tfjs/tfjs-module.js";
import { mayWait } from "./features.js";
import type { KernelFunction } from "./kernel-function.js";
import type { KernelExports, ScratchSizes } from "./kernel-module.js";
import type { StepTrace } from "../steps/step-trace.js";
import { HeapViews } from "./heap-views.js";
import { Pool } from "./pool.js";

/** Milliseconds without progress after which a worker counts as dead. */
const patience = 4000;

/** Multiply-adds that take about as long as waking a worker. */
const worthSharing = 2 ** 19;
/** Multiply-adds that are worth sharing with a worker that is awake, as within the list of jobs of a step. */
const worthSharingAwake = 2 ** 16;

/** What a kernel needs of a backend: the heap of tfjs, our functions that work on it, and the threads. */
export class Runtime {
  readonly backend: BackendWasm;
  readonly #module: TfjsModule;
  readonly #memory: WebAssembly.Memory;
  readonly #exports: KernelExports;
  readonly #heap: HeapViews;
  #control: number;
  #pool: Pool = Pool.none;
  /** Outputs of the current call, which are freed when it throws. */
  #made: TensorInfo[] = [];
  /** Stands for the heap while a step is recorded or prepared. */
  #trace: StepTrace | undefined;

  constructor(backend: BackendWasm, memory: WebAssembly.Memory, exports: KernelExports) {
    this.backend = backend;
    this.#module = backend.wasm as TfjsModule;
    this.#memory = memory;
    this.#exports = exports;
    this.#heap = new HeapViews(memory);
    this.#control = this.#allocateControl();
  }

  /** Starts workers beside the calling thread. The pool says how many started, and why not more. */
  async startPool(module: WebAssembly.Module, size: number, timeout: number): Promise<void> {
    this.#pool = await Pool.start({ module, memory: this.#memory, control: this.#control }, size, timeout);
  }

  /** The workers beside the calling thread. */
  get pool(): Pool {
    return this.#pool;
  }

  /** Thread numbers that a task may see are below this; used for memory that each thread needs. */
  get threads(): number {
    return this.#pool.slots;
  }

  /** The scratch memory that kernels need. */
  get scratchSizes(): ScratchSizes {
    return this.#exports;
  }

  /** The address of the numbers of a tensor. */
  address(tensor: TensorInfo): number {
    return this.#trace === undefined ? this.backend.dataIdMap.get(tensor.dataId).memoryOffset : this.#trace.address(tensor);
  }

  /** The address of the numbers of a tensor, or 0 when there is none. */
  addressOf(tensor: TensorInfo | undefined): number {
    return tensor === undefined ? 0 : this.address(tensor);
  }

  /** A new tensor with undefined contents; the caller of the kernel owns it. */
  output(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    const made = this.#trace === undefined ? this.backend.makeOutput([...shape], dtype) : this.#trace.output(shape, dtype);
    this.#made.push(made);
    return made;
  }

  /** Frees an output that turned out to be an intermediate result. */
  release(made: TensorInfo): void {
    this.#made = this.#made.filter(({ dataId }) => dataId !== made.dataId);
    this.backend.disposeData(made.dataId);
  }

  /** Runs a call, and frees its outputs when it throws. */
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

  /** Calls a function with the address of scratch memory, aligned to 16 bytes and freed when the function returns. */
  scratch<Result>(bytes: number, body: (address: number) => Result): Result {
    if (this.#trace !== undefined) return body(this.#trace.scratch(bytes));
    const start = this.#module._malloc(bytes + 16);
    try {
      return body(((start + 15) & ~15) >>> 0);
    } finally {
      this.#module._free(start);
    }
  }

  /**
   * Calls a function with the address of {@link scratch} memory that is filled from a tensor alone. Within a captured step, calls that fill
   * it from the same tensor in the same way share it.
   *
   * @param way what the contents depend on besides the tensor
   */
  derived<Result>(
    from: TensorInfo,
    way: string,
    bytes: number,
    fill: (address: number) => void,
    body: (address: number) => Result,
  ): Result {
    const shared = this.#trace?.derived(from);
    const known = shared?.get(way);
    if (known !== undefined) return body(known);
    return this.scratch(bytes, (address) => {
      fill(address);
      shared?.set(way, address);
      return body(address);
    });
  }

  /** Says that a kernel writes into a tensor that it did not make. */
  changes(tensor: TensorInfo): void {
    this.#trace?.changed(tensor);
  }

  /** Calls a function with the address of a copy of an array, which is freed when the function returns. */
  upload<Result>(array: Uint8Array | Int32Array | Float32Array, body: (address: number) => Result): Result {
    return this.scratch(array.byteLength, (address) => {
      this.copy(array, address);
      this.#trace?.uploaded(address, array);
      return body(address);
    });
  }

  /** Copies numbers to an address. */
  copy(numbers: Uint8Array | Uint32Array | Int32Array | Float32Array, address: number): void {
    this.#heap.copy(numbers, address);
  }

  /** Sets bytes of the heap to 0. */
  clear(address: number, bytes: number): void {
    this.#trace?.refuse("it clears memory");
    this.#heap.clear(address, bytes);
  }

  /**
   * Runs tasks 0 .. tasks - 1 of a kernel, on all threads when there is enough work.
   *
   * @param work multiply-adds of all tasks together; by default enough for all threads
   */
  run<Kernel extends KernelFunction>(kernel: Kernel, args: KernelArguments[Kernel], tasks = 1, work: number = Infinity): void {
    if (tasks < 1) return;
    this.#writeArguments(kernel, args);
    const number = kernelNumbers[kernel];
    const isShared = tasks > 1 && work >= (this.#trace === undefined ? worthSharing : worthSharingAwake);
    if (this.#trace?.job({ kernel: number, tasks, isShared, words: this.#argumentWords() }) === false) return;
    if (this.#pool.size === 0 || !isShared) return this.#exports.runAlone(this.#control, number, tasks);
    if (this.#exports.runShared(this.#control, number, tasks, mayWait ? 1 : 0, patience) === 0) this.#runAgain(kernel, args, tasks);
  }

  /**
   * Runs a whole job again on the calling thread, after a worker died during a task; from now on this thread works alone.
   * Running a task twice is harmless, because it only writes what it computes from the inputs. A new control block keeps a
   * worker that only seemed dead from interfering.
   */
  #runAgain<Kernel extends KernelFunction>(kernel: Kernel, args: KernelArguments[Kernel], tasks: number): void {
    this.#abandonWorkers();
    this.#writeArguments(kernel, args);
    this.#exports.runAlone(this.#control, kernelNumbers[kernel], tasks);
  }

  #abandonWorkers(): void {
    this.#pool.abandon(`a worker did not answer for ${patience / 1000} s`);
    this.#control = this.#allocateControl();
  }

  /** Bytes of a job of {@link runJobs}. */
  get jobBytes(): number {
    return this.#exports.jobBytes();
  }

  /** Runs a list of jobs, each laid out as in assembly/pool.ts, one after another. */
  runJobs(jobs: number, count: number): void {
    const isShared = this.#pool.size > 0 ? 1 : 0;
    const done = this.#exports.runJobs(this.#control, jobs, count, isShared, mayWait ? 1 : 0, patience);
    if (done === count) return;
    this.#abandonWorkers();
    this.#exports.runJobs(this.#control, jobs + done * this.jobBytes, count - done, 0, 0, patience);
  }

  /** What stands for the heap while a step is recorded or prepared. */
  get trace(): StepTrace | undefined {
    return this.#trace;
  }

  /** Runs a body with a trace in place of the heap. */
  traced<Result>(trace: StepTrace, body: () => Result): Result {
    const [outer, made] = [this.#trace, this.#made];
    [this.#trace, this.#made] = [trace, []];
    try {
      return body();
    } finally {
      [this.#trace, this.#made] = [outer, made];
    }
  }

  /** Ends the threads, before the heap is freed. */
  stop(): void {
    this.#exports.stop(this.#control);
    this.#pool.terminate();
  }

  /** A zeroed control block, aligned to a cache line, which lives as long as the heap. */
  #allocateControl(): number {
    const bytes = this.#exports.controlBytes();
    const control = ((this.#module._malloc(bytes + 63) + 63) & ~63) >>> 0;
    this.#heap.clear(control, bytes);
    return control;
  }

  #writeArguments<Kernel extends KernelFunction>(kernel: Kernel, args: KernelArguments[Kernel]): void {
    if (this.#trace !== undefined) this.#argumentWords().fill(0);
    encoders[kernel](this.#argumentViews(), args);
  }

  /** The place of all arguments that a kernel may have. */
  #argumentWords(): Uint32Array {
    const { words, at } = this.#argumentViews();
    return words.subarray(at, at + this.jobBytes / 4 - 4);
  }

  #argumentViews(): ArgumentViews {
    return this.#heap.viewsAt(this.#control + this.#exports.argumentsOffset());
  }
}
