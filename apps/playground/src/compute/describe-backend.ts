import type { WasmInfo } from "@tfblocks/wasm";

/** The backend in a few words. */
export function summarizeBackend(info: WasmInfo): string {
  return `${nameKernels(info)} · ${countThreads(info)}`;
}

export function nameKernels({ simd }: WasmInfo): string {
  return `wasm · ${simd ? "SIMD" : "no SIMD"}`;
}

export function countThreads({ threads }: WasmInfo): string {
  return threads.got === 1 ? "1 thread" : `${threads.got} threads`;
}

/** The properties of the backend, as names and values. */
export function describeBackend({
  kernels,
  replaced,
  added,
  simd,
  relaxedSimd,
  threads,
  crossOriginIsolated,
}: WasmInfo): [string, string][] {
  return [
    ["Backend", "TensorFlow.js wasm"],
    ["Kernels", kernels === "off" ? "TensorFlow.js only" : `tfblocks: ${replaced.length} replaced, ${added.length} added`],
    ["SIMD", simd ? (relaxedSimd ? "128-bit, with fused multiply-add" : "128-bit") : "not supported by this browser"],
    ["Threads", `${threads.got} of ${threads.asked} requested`],
    ["Cross-origin isolated", crossOriginIsolated ? "yes" : "no"],
  ];
}

/** Sentences that explain the number of threads and what is missing. */
export function explainBackend({ threads, refusals }: WasmInfo): string[] {
  if (refusals.length > 0) return refusals.map((sentence) => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`);
  const isSingle = threads.got === 1;
  return [
    isSingle
      ? "1 thread: the browser reports one processor."
      : `${threads.got} threads: the page is cross-origin isolated, so its workers can share memory.`,
  ];
}
