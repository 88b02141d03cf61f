/** What the worker found when it started tfjs's WASM backend. */
export interface BackendStatus {
  readonly backend: string;
  readonly simd: boolean;
  readonly threads: number;
  /** Logical cores that the browser reports. */
  readonly cores: number;
  readonly isolated: boolean;
  /** Whether a first start with threads was given up. */
  readonly fellBack: boolean;
}

/** One sentence: how many threads, and why. */
export function explainThreads({ threads, cores, isolated, fellBack }: BackendStatus): string {
  if (fellBack) return "One thread: a start with threads did not answer, so the worker was started again without them.";
  if (!isolated) return "One thread: the page is not cross-origin isolated, because its server does not send the COOP and COEP headers.";
  if (threads > 1) return `${threads} threads: the page is cross-origin isolated, so the workers may share memory.`;
  return `One thread: the page is cross-origin isolated, but the backend only takes more from four logical cores up, and the browser reports ${cores}.`;
}
