import type { WasmInfo } from "@tfblocks/wasm";

/** Times of one call in milliseconds, over several runs after one that was not timed. */
export interface Timing {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

/** The cost of one call of attention. */
export interface AttentionCost {
  readonly time: Timing;
  /** The most memory that the call holds at once, in bytes, without its inputs. */
  readonly peakBytes: number;
}

/** Attention over one length, by the fused kernel and composed of plain operations; null where it was not measured. */
export interface AttentionPoint {
  readonly length: number;
  readonly fused: AttentionCost | null;
  readonly composed: AttentionCost | null;
  /** The largest difference between the two outputs; null unless there are both. */
  readonly difference: number | null;
}

/** The product of two square matrices. */
export interface ProductPoint {
  readonly size: number;
  readonly time: Timing;
  /** 2 · size³ operations by the median time, in 10⁹ a second. */
  readonly gigaflops: number;
}

/** What was measured in one worker. */
export interface BackendFigures {
  readonly info: WasmInfo;
  readonly heads: number;
  readonly headDim: number;
  readonly attention: readonly AttentionPoint[];
  readonly products: readonly ProductPoint[];
}

/** Writing with a model: greedy, with a cache of keys and values. */
export interface GenerationFigures {
  readonly title: string;
  readonly parameters: number;
  readonly promptTokens: number;
  readonly newTokens: number;
  /** Milliseconds until the first new token, for which the model reads the prompt. */
  readonly firstToken: number;
  /** Each token after the first. */
  readonly nextToken: Timing;
  /** 1000 by the median milliseconds of a token after the first. */
  readonly tokensPerSecond: number;
}

/** Everything that was measured, and where. */
export interface Figures {
  readonly version: 1;
  /** In UTC, as ISO 8601. */
  readonly measuredAt: string;
  readonly browser: string;
  readonly processors: number;
  /** With as many threads as the page has. */
  readonly all: BackendFigures;
  /** With one thread; null if the page has no more, or until it has been measured. */
  readonly single: BackendFigures | null;
  /** Null if the chosen model does not write text, or until it has been measured. */
  readonly generation: GenerationFigures | null;
}

/** For example "1 thread". */
export const threadCount = (threads: number): string => (threads === 1 ? "1 thread" : `${threads} threads`);
