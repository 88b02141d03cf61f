import { engine, type KernelBackend, tensor, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";

/** The elements of a tensor while they are written. */
type Elements = Float32Array | Int32Array | Uint8Array;

/** Where the elements of a tensor are written before it exists. */
export interface ElementTarget {
  /** The elements; get them anew after a pause, since a WASM heap may have grown. */
  elements(): Elements;
  /** The tensor; the caller owns it. */
  finish(): Tensor;
  /** Frees the elements of a tensor that will not exist. */
  discard(): void;
}

type DType = "float32" | "int32" | "bool";

/**
 * Makes a tensor whose elements are written one after another, for example as a file is read: on a WASM backend in its heap, so that no
 * second copy exists; on other backends in an array, which the tensor takes. Check with `guardAllocation` first that it fits.
 */
export function elementTarget(shape: readonly number[], dtype: DType): ElementTarget {
  const { backend } = engine();
  return hasHeap(backend) ? heapTarget(backend, shape, dtype) : arrayTarget(shape, dtype);
}

/** What tfjs's WASM backend has beside the methods of every backend. */
interface HeapBackend extends KernelBackend {
  makeOutput(shape: number[], dtype: DType): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): Elements;
}

function hasHeap(backend: KernelBackend): backend is HeapBackend {
  const { makeOutput, typedArrayFromHeap } = backend as Partial<HeapBackend>;
  return typeof makeOutput === "function" && typeof typedArrayFromHeap === "function";
}

function heapTarget(backend: HeapBackend, shape: readonly number[], dtype: DType): ElementTarget {
  const made = backend.makeOutput([...shape], dtype);
  return {
    elements: () => backend.typedArrayFromHeap(made),
    finish: () => engine().makeTensorFromDataId(made.dataId, [...shape], dtype, backend),
    discard: () => void backend.disposeData(made.dataId),
  };
}

function arrayTarget(shape: readonly number[], dtype: DType): ElementTarget {
  const count = shape.reduce((product, size) => product * size, 1);
  const elements = dtype === "float32" ? new Float32Array(count) : dtype === "int32" ? new Int32Array(count) : new Uint8Array(count);
  return { elements: () => elements, finish: () => tensor(elements, [...shape] as [number], dtype), discard: () => {} };
}
