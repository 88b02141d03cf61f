import { backend, memory } from "@tensorflow/tfjs-core";
import { AllocationError } from "./errors.js";

/** The most bytes one tensor may have: beyond, a WebAssembly heap wraps the size and writes at address 0. */
export const maxTensorBytes: number = 2 ** 31 - 1;

const heapLimit = 2 ** 32;
const bytesPerFloat = 4;

/**
 * Refuses tensors that would not fit, before anything is made. On tfjs's WASM backend an allocation that fails is not
 * noticed: it writes at address 0 and breaks the heap. Here the heap is asked first.
 *
 * @param operation the public name of the caller
 * @param shapes float32 tensors that will be alive together, by name
 * @throws AllocationError when one has over 2^31 - 1 bytes or the heap cannot give them all
 */
export function guardAllocation(operation: string, shapes: Readonly<Record<string, readonly number[]>>): void {
  const sizes = Object.entries(shapes).map(([argument, shape]) => ({ argument, shape, bytes: bytesOf(shape) }));
  for (const { argument, shape, bytes } of sizes) {
    if (bytes > maxTensorBytes)
      throw refusal(operation, `${argument} [${shape.join(", ")}]`, `at most ${maxTensorBytes} bytes`, `${bytes} bytes`);
  }
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const heap = wasmHeap();
  if (heap === undefined || sizes.length === 0) return;
  const inUse = memory().numBytes;
  const fits =
    inUse + total < heapLimit &&
    heapGives(
      heap,
      sizes.map(({ bytes }) => bytes),
    );
  if (!fits) {
    const names = sizes.map(({ argument, shape }) => `${argument} [${shape.join(", ")}]`).join(" and ");
    throw refusal(operation, names, "within what the WASM heap of 4 GiB can still give", `${total} bytes beside ${inUse} in use`);
  }
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

function bytesOf(shape: readonly number[]): number {
  return bytesPerFloat * shape.reduce((product, size) => product * size, 1);
}

function refusal(operation: string, argument: string, expected: string, received: string): AllocationError {
  return new AllocationError({ operation, argument, expected, received, advice: "use a shorter sequence, fewer heads or a smaller batch" });
}
