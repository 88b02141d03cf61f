import { backend, memory } from "@tensorflow/tfjs-core";
import { AllocationError } from "./errors.js";

/** The most bytes one tensor may have: beyond, a WebAssembly heap wraps the size and writes at address 0. */
export const maxTensorBytes: number = 2 ** 31 - 1;

const heapLimit = 2 ** 32;

/**
 * Refuses tensors that would not fit, before anything is made. On tfjs's WASM backend an allocation that fails is not
 * noticed: it writes at address 0 and breaks the heap. Here the heap is asked first.
 *
 * @param operation the public name of the caller
 * @param shapes tensors that will be alive together, by name
 * @param bytesPerElement default 4, as float32; 1 for bool
 * @throws AllocationError when one has over 2^31 - 1 bytes or the heap cannot give them all
 */
export function guardAllocation(operation: string, shapes: Readonly<Record<string, readonly number[]>>, bytesPerElement = 4): void {
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
  const [total, inUse] = [sizes.reduce((sum, bytes) => sum + bytes, 0), memory().numBytes];
  if (inUse + total < heapLimit && heapGives(heap, sizes)) return;
  const names = requests.map(({ name }) => name).join(" and ");
  throw refusal(operation, names, "within what the WASM heap of 4 GiB can still give", `${total} bytes beside ${inUse} in use`);
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
 * Takes the blocks and gives them back: true when the heap had them all. A block that ends past the heap is none: when
 * start + size wraps at 2^32, the allocator (emmalloc) takes any small free region for large enough.
 */
function heapGives(heap: Heap, sizes: readonly number[]): boolean {
  const taken: number[] = [];
  const gives = sizes.every((bytes) => {
    const start = heap._malloc(bytes) >>> 0;
    if (start > 0) taken.push(start);
    return start > 0 && start + bytes <= heap.HEAPU8.byteLength;
  });
  for (const start of taken) heap._free(start);
  return gives;
}

function refusal(operation: string, argument: string, expected: string, received: string): AllocationError {
  return new AllocationError({ operation, argument, expected, received, advice: "use a shorter sequence, fewer heads or a smaller batch" });
}
