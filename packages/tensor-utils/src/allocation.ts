import { backend, memory } from "@tensorflow/tfjs-core";
import { demandBackend } from "./demand-backend.js";
import { AllocationError } from "./errors.js";
import { unsetBytes } from "./unset.js";

/** The largest tensor, in bytes. Above this limit tfjs's WASM backend wraps the size and writes at address 0. */
export const maxTensorBytes: number = 2 ** 31 - 1;

const heapLimit = 2 ** 32;

/**
 * Checks that tensors fit into memory before they are allocated. tfjs's WASM backend does not notice a failed
 * allocation: it writes at address 0 and corrupts the heap.
 *
 * @param operation the public name of the caller
 * @param shapes the tensors that will be alive at the same time, by name
 * @param bytesPerElement default 4, for float32; 1 for bool
 * @throws AllocationError when a tensor is larger than 2^31 - 1 bytes, or the heap cannot hold all of them
 * @throws ValueError when no backend is registered
 */
export function guardAllocation(operation: string, shapes: Readonly<Record<string, readonly number[]>>, bytesPerElement = 4): void {
  demandBackend(operation);
  const requests = Object.entries(shapes).map(([argument, shape]) => ({
    name: `${argument} [${shape.join(", ")}]`,
    bytes: shape.reduce((product, size) => product * size, bytesPerElement),
  }));
  for (const { name, bytes } of requests) {
    if (bytes > maxTensorBytes) throw refusal(operation, name, `at most ${maxTensorBytes} bytes`, `${bytes} bytes`);
  }
  const heap = wasmHeap();
  if (heap !== undefined) checkHeap(operation, requests, heap);
}

interface Request {
  readonly name: string;
  readonly bytes: number;
}

function checkHeap(operation: string, requests: readonly Request[], heap: Heap): void {
  const sizes = requests.map(({ bytes }) => bytes);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  let inUse = memory().numBytes;
  if (inUse + total >= heapLimit) inUse -= unsetBytes(); // which takes longer to find out
  if (inUse + total < heapLimit && canAllocate(heap, sizes)) return;
  const names = requests.map(({ name }) => name).join(" and ");
  throw refusal(operation, names, "within the free space of the 4 GiB WASM heap", `${total} bytes with ${inUse} already in use`);
}

interface Heap {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

function wasmHeap(): Heap | undefined {
  const { wasm } = backend() as unknown as { wasm?: Partial<Heap> };
  return typeof wasm?._malloc === "function" && typeof wasm._free === "function" ? (wasm as Heap) : undefined;
}

/**
 * Allocates every size, then frees them again: true when all of them fit. The end of each block is checked too,
 * because the allocator (emmalloc) returns a region that is too small when start + size wraps at 2^32.
 */
function canAllocate(heap: Heap, sizes: readonly number[]): boolean {
  const addresses: number[] = [];
  const fits = sizes.every((bytes) => {
    const start = heap._malloc(bytes) >>> 0;
    if (start > 0) addresses.push(start);
    return start > 0 && start + bytes <= heap.HEAPU8.byteLength;
  });
  for (const start of addresses) heap._free(start);
  return fits;
}

function refusal(operation: string, argument: string, expected: string, received: string): AllocationError {
  return new AllocationError({ operation, argument, expected, received, advice: "use a shorter sequence, fewer heads or a smaller batch" });
}
