/** The allocator of the memory that tfjs and its kernels share. */
export interface Heap {
  _malloc: (bytes: number) => number;
  _free: (address: number) => void;
}

/** The most bytes that a call holds at once beyond those that were held before, as its allocator is asked for them. */
export function peakHeap(heap: Heap, call: () => void): number {
  const { _malloc: allocate, _free: free } = heap;
  const sizes = new Map<number, number>();
  let [held, peak] = [0, 0];
  heap._malloc = (bytes) => {
    const address = allocate(bytes);
    sizes.set(address >>> 0, bytes);
    held += bytes;
    peak = Math.max(peak, held);
    return address;
  };
  heap._free = (address) => {
    held -= sizes.get(address >>> 0) ?? 0;
    sizes.delete(address >>> 0);
    free(address);
  };
  try {
    call();
  } finally {
    heap._malloc = allocate;
    heap._free = free;
  }
  return peak;
}
