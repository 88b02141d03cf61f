import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { BackendValues, DataId, DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { elementBytes, sizeOf } from "../sizes.js";
import type { TfjsModule } from "../tfjs/tfjs-module.js";
import type { HeapArray } from "./step-trace.js";

/** What is done in place of the heap's own while a step is recorded. */
export interface HeapListener {
  readonly allocate: (bytes: number, otherwise: (bytes: number) => number) => number;
  /** Hears of numbers that became a tensor. */
  readonly uploaded: (dataId: DataId, address: number, numbers: HeapArray) => void;
  /** Hears that the numbers of a tensor are read. */
  readonly reading: (dataId: DataId) => void;
  /** Hears that a kernel of tfjs makes a tensor. */
  readonly foreign: () => void;
}

/** The heap of tfjs, as a recording sees it. */
export class TfjsHeap {
  readonly module: TfjsModule;
  readonly #backend: BackendWasm;
  #makesOutput = false;

  constructor(backend: BackendWasm) {
    this.#backend = backend;
    this.module = backend.wasm as TfjsModule;
  }

  /** The address of the numbers of a tensor; undefined when it was disposed. */
  addressOf(dataId: DataId): number | undefined {
    const { dataIdMap } = this.#backend;
    return dataIdMap.has(dataId) ? dataIdMap.get(dataId).memoryOffset : undefined;
  }

  /** A new tensor with undefined contents. */
  output(shape: readonly number[], dtype: DataType): TensorInfo {
    this.#makesOutput = true;
    try {
      return this.#backend.makeOutput([...shape], dtype);
    } finally {
      this.#makesOutput = false;
    }
  }

  /** How many tensors have these numbers. */
  references(dataId: DataId): number {
    return this.#backend.refCount(dataId);
  }

  /** Gives numbers memory of their own, for tensors that stay. */
  moveOut(dataId: DataId): void {
    const data = this.#backend.dataIdMap.get(dataId);
    const size = sizeOf(data.shape);
    const [from, bytes] = [data.memoryOffset, size * elementBytes(data.dtype)];
    const to = this.module._malloc(bytes);
    this.module.HEAPU8.copyWithin(to, from, from + bytes);
    this.module.tfjs.disposeData(data.id);
    this.module.tfjs.registerTensor(data.id, size, to);
    data.memoryOffset = to;
  }

  /** Runs a body while a listener stands between tfjs and its heap. */
  listened<Result>({ allocate, uploaded, reading, foreign }: HeapListener, body: () => Result): Result {
    const backend = this.#backend;
    const malloc = this.module._malloc.bind(this.module);
    const move = backend.move.bind(backend);
    const readSync = backend.readSync.bind(backend);
    const typedArrayFromHeap = backend.typedArrayFromHeap.bind(backend);
    const makeOutput = backend.makeOutput.bind(backend);
    const overrides: Partial<BackendWasm> = {
      move: (dataId: DataId, values: BackendValues | null, shape: number[], dtype: DataType, refCount: number) => {
        move(dataId, values as BackendValues, shape, dtype, refCount);
        if (values !== null && dtype !== "string") uploaded(dataId, this.addressOf(dataId)!, readSync(dataId) as HeapArray);
      },
      readSync: (dataId, ...range) => {
        reading(dataId);
        return readSync(dataId, ...range);
      },
      makeOutput: (...output) => {
        if (!this.#makesOutput) foreign();
        return makeOutput(...output);
      },
      typedArrayFromHeap: (tensor) => {
        reading(tensor.dataId);
        return typedArrayFromHeap(tensor);
      },
    };
    return withOverrides(this.module, { _malloc: (bytes) => allocate(bytes, malloc) }, () => withOverrides(backend, overrides, body));
  }
}

/** Runs a body while an object has other properties. */
function withOverrides<Target extends object, Result>(target: Target, overrides: Partial<Target>, body: () => Result): Result {
  const before = Object.keys(overrides).map((name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const);
  Object.assign(target, overrides);
  try {
    return body();
  } finally {
    for (const [name, property] of before) {
      if (property === undefined) delete target[name as keyof Target];
      else Object.defineProperty(target, name, property);
    }
  }
}
