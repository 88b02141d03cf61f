/**
 * How many bytes of its WASM heap a backend holds at most while `body` runs, beyond those that it held before: what was
 * asked of its allocator, and by how much the heap itself grew.
 */
export async function peakHeap(backend, body) {
  const { wasm } = backend;
  const { _malloc: allocate, _free: free } = wasm;
  const sizes = new Map();
  let [held, peak] = [0, 0];
  const before = wasm.HEAPU8.buffer.byteLength;
  wasm._malloc = (size) => {
    const address = allocate(size);
    sizes.set(address >>> 0, size);
    held += size;
    peak = Math.max(peak, held);
    return address;
  };
  wasm._free = (address) => {
    held -= sizes.get(address >>> 0) ?? 0; // what was there before is given back, not gained
    sizes.delete(address >>> 0);
    free(address);
  };
  try {
    await body();
  } finally {
    wasm._malloc = allocate;
    wasm._free = free;
  }
  return { peak, growth: wasm.HEAPU8.buffer.byteLength - before };
}
