/** Whether this runtime supports 128-bit SIMD: validates a module with one function that uses it. */
export function hasSimd(): boolean {
  return validates([1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]);
}

/** Whether this runtime supports relaxed SIMD, whose multiply-add rounds once. */
export function hasRelaxedSimd(): boolean {
  return validates([1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11]);
}

/** Whether this is Node.js, Bun or Deno rather than a browser. */
export const inNode: boolean = typeof process === "object" && typeof process.versions?.node === "string";

/** Whether this thread may sleep: a page's main thread may not. */
export const mayWait: boolean = trySleep();

function trySleep(): boolean {
  try {
    return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0) === "timed-out";
  } catch {
    return false; // there is no SharedArrayBuffer
  }
}

/** Whether the page is cross-origin isolated, which browsers require for shared memory; always true in Node.js. */
export function isIsolated(): boolean {
  return inNode || (globalThis.crossOriginIsolated ?? false);
}

/** Whether memory can be shared with workers. */
export function canShareMemory(): boolean {
  return isIsolated() && typeof SharedArrayBuffer === "function";
}

/** The number of processors that the runtime reports; 1 when it reports none. */
export function processorCount(): number {
  return globalThis.navigator?.hardwareConcurrency ?? nodeProcessorCount();
}

function nodeProcessorCount(): number {
  const os = inNode ? (process.getBuiltinModule?.("node:os") as typeof import("node:os") | undefined) : undefined;
  return os?.availableParallelism() ?? 1;
}

function validates(sections: readonly number[]): boolean {
  return WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...sections]));
}
