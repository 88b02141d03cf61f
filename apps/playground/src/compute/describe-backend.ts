import type { WasmInfo } from "@tfblocks/wasm";

/** What computes, in a few words. */
export function summarizeBackend({ simd, threads }: WasmInfo): string {
  return `wasm · ${simd ? "SIMD" : "no SIMD"} · ${countThreads(threads.got)}`;
}

/** What computes: names with values. */
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
    ["Kernels", kernels === "off" ? "TensorFlow.js's own" : `tfblocks: ${replaced.length} faster or mended, ${added.length} more`],
    ["SIMD", simd ? (relaxedSimd ? "128-bit, with fused multiply-add" : "128-bit") : "no: this browser has none"],
    ["Threads", `${threads.got} of ${threads.asked} asked for`],
    ["Cross-origin isolated", crossOriginIsolated ? "yes" : "no"],
  ];
}

/** Sentences: why there are so many threads, and what could not be had. */
export function explainBackend({ threads, refusals }: WasmInfo): string[] {
  if (refusals.length > 0) return refusals.map((sentence) => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`);
  const isAlone = threads.got === 1;
  return [
    isAlone
      ? "One thread: the browser reports one processor."
      : `${threads.got} threads: the page is cross-origin isolated, so workers may share its memory.`,
  ];
}

function countThreads(count: number): string {
  return count === 1 ? "1 thread" : `${count} threads`;
}
