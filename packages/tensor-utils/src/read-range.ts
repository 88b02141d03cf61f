import { type DataId, engine, type KernelBackend, type Tensor, type TensorInfo, type TypedArray } from "@tensorflow/tfjs-core";

/**
 * Some consecutive numbers of a tensor: on a WASM backend a copy of these only. Elsewhere the whole tensor is read, which costs nothing
 * where its numbers are in main memory.
 */
export function readRange(tensor: Tensor, start: number, end: number): TypedArray {
  const { backend } = engine();
  if (!readsRanges(backend)) return (tensor.dataSync() as TypedArray).subarray(start, end);
  return backend.readSync(tensor.dataId, start, end);
}

/** What tfjs's WASM backend has beside the methods of every backend. */
interface HeapBackend {
  readSync(dataId: DataId, start: number, end: number): TypedArray;
  typedArrayFromHeap(info: TensorInfo): TypedArray;
}

function readsRanges(backend: KernelBackend): backend is KernelBackend & HeapBackend {
  return typeof (backend as Partial<HeapBackend>).typedArrayFromHeap === "function";
}
