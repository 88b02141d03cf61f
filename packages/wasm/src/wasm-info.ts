/** Which of our kernels run: all; only those that repair what tfjs gets wrong or lacks; none. */
export type KernelChoice = "fast" | "repair" | "off";

/** What `setupWasm` started, and what it could not. */
export interface WasmInfo {
  readonly kernels: KernelChoice;
  /** Whether 128-bit SIMD is used; without it our kernels cannot run. */
  readonly simd: boolean;
  /** Whether multiply-adds round once (relaxed SIMD). */
  readonly relaxedSimd: boolean;
  /** Threads that share the work, the calling one included. */
  readonly threads: { readonly asked: number; readonly got: number };
  /** Whether the page is cross-origin isolated, without which browsers share no memory with workers; true in Node.js. */
  readonly crossOriginIsolated: boolean;
  /** tfjs's kernels that ours stand in for. */
  readonly replaced: readonly string[];
  /** Kernels that tfjs does not have. */
  readonly added: readonly string[];
  /** One sentence for each thing that was asked for and is not there. */
  readonly refusals: readonly string[];
}
