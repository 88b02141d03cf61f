import type { DataId, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { AllocationError } from "@tfblocks/tensor-utils";
import { Arena } from "./arena.js";
import type { TfjsHeap } from "./tfjs-heap.js";

/** The tensors and the memory of one run of a step. */
export class StepMemory {
  readonly #heap: TfjsHeap;
  readonly #arena: Arena;
  #kept: Tensor[] = [];
  /** Tensors that kernels of the step compute, and those that it makes of numbers. */
  #computed = new Set<DataId>();
  #uploaded = new Set<DataId>();
  /** Where the numbers of tensors are, of those of the step and of those from outside. */
  #own = new Map<DataId, number>();
  #given = new Map<DataId, number>();
  #derived = new Map<DataId, Map<string, number>>();

  constructor(heap: TfjsHeap) {
    this.#heap = heap;
    this.#arena = new Arena(heap.module);
  }

  /** The address of the numbers of a tensor, also after it was disposed. */
  address({ dataId }: TensorInfo): number {
    const known = this.#own.get(dataId) ?? this.#given.get(dataId);
    if (known !== undefined) return known;
    const address = this.#heap.addressOf(dataId)!;
    (this.#arena.has(address) ? this.#own : this.#given).set(dataId, address);
    return address;
  }

  output(shape: readonly number[], dtype: TensorInfo["dtype"]): TensorInfo {
    const made = this.#heap.output(shape, dtype);
    this.#computed.add(made.dataId);
    return made;
  }

  /** @throws AllocationError when the heap is full */
  allocate(bytes: number): number {
    return this.#arena.allocate(bytes);
  }

  /** {@link allocate}, or undefined when there is no memory for an arena. */
  tryToAllocate(bytes: number): number | undefined {
    try {
      return this.#arena.allocate(bytes);
    } catch (error) {
      if (error instanceof AllocationError) return undefined;
      throw error;
    }
  }

  /** Addresses of memory already filled from a tensor, keyed by how it was filled. */
  derived({ dataId }: TensorInfo): Map<string, number> {
    const known = this.#derived.get(dataId);
    if (known !== undefined) return known;
    const made = new Map<string, number>();
    this.#derived.set(dataId, made);
    return made;
  }

  noteUpload(dataId: DataId): void {
    this.#uploaded.add(dataId);
  }

  /** Keeps a tensor until the next recording. */
  keep(tensor: Tensor): void {
    this.#kept.push(tensor);
  }

  isComputed(dataId: DataId): boolean {
    return this.#computed.has(dataId);
  }

  /** Whether all tensors from outside are where they were. */
  isStanding(): boolean {
    for (const [dataId, address] of this.#given) if (this.#heap.addressOf(dataId) !== address) return false;
    return true;
  }

  /** Gives tensors that outlive the body, such as those of a cache that grows, memory of their own. Returns how many there are. */
  moveOut(output: Tensor | undefined): number {
    const stay = new Set<DataId>(this.#kept.map(({ dataId }) => dataId));
    if (output !== undefined && this.#heap.references(output.dataId) === 1) stay.add(output.dataId);
    const left = [...this.#computed, ...this.#uploaded].filter((dataId) => !stay.has(dataId) && this.#isInArena(dataId));
    for (const dataId of left) this.#heap.moveOut(dataId);
    return left.length;
  }

  /** Makes room for the next recording, which finds the same memory. */
  clear(): void {
    for (const each of this.#kept) each.dispose();
    [this.#kept, this.#computed, this.#uploaded] = [[], new Set(), new Set()];
    [this.#own, this.#given, this.#derived] = [new Map(), new Map(), new Map()];
    this.#arena.rewind();
  }

  dispose(): void {
    this.clear();
    this.#arena.dispose();
  }

  #isInArena(dataId: DataId): boolean {
    const address = this.#heap.addressOf(dataId);
    return address !== undefined && this.#arena.has(address);
  }
}
