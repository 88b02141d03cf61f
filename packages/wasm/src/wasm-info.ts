/** Which of our kernels are used: all, only those that tfjs lacks or computes wrongly, or none. */
export type KernelChoice = "fast" | "repair" | "off";

/** What `setupWasm` started, and what is not available. */
export interface WasmInfo {
  readonly kernels: KernelChoice;
  /** Whether 128-bit SIMD is used; without it our kernels cannot run. */
  readonly simd: boolean;
  /** Whether multiply-adds round once (relaxed SIMD). */
  readonly relaxedSimd: boolean;
  /** Threads that share the work, including the calling thread. */
  readonly threads: { readonly asked: number; readonly got: number };
  /** Whether the page is cross-origin isolated, which browsers require to share memory with workers; true in Node.js. */
  readonly crossOriginIsolated: boolean;
  /** Names of the kernels of tfjs that ours replace. */
  readonly replaced: readonly string[];
  /** Names of our kernels that tfjs does not have. */
  readonly added: readonly string[];
  /** A sentence for everything that was requested but is not available. */
  readonly refusals: readonly string[];
}
