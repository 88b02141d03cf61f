import { sentenceOf } from "./outcome.js";
import { TimeoutError } from "./with-timeout.js";

/** Why nothing can be computed, for the reader. */
export interface StartFailure {
  /** What happened. */
  readonly sentence: string;
  /** What the reader can do about it. */
  readonly advice: string;
  /** The error itself, for a report. */
  readonly detail: string;
}

interface Reason {
  readonly pattern: RegExp;
  readonly sentence: string;
  readonly advice: string;
}

const reasons: readonly Reason[] = [
  {
    pattern: /unsafe-eval|content security policy/i,
    sentence: "The site that serves this page forbids WebAssembly, and the page computes everything with it.",
    advice: "Whoever runs the site can allow it: 'wasm-unsafe-eval' in script-src of its Content-Security-Policy.",
  },
  {
    pattern: /WebAssembly is not defined|no WebAssembly|WebAssembly.*undefined/i,
    sentence: "This browser has no WebAssembly, and the page computes everything with it.",
    advice:
      "Every current browser has it, unless it is switched off: in Safari by the lockdown mode, elsewhere by a setting or an extension.",
  },
  {
    pattern: /out of memory|(could not|cannot|failed to) allocate/i,
    sentence: "There is not enough memory to start the part of the page that computes.",
    advice: "Close other tabs and programs, and try again.",
  },
  {
    pattern: /script could not be loaded|could not be fetched|dynamically imported|\.wasm|NetworkError|Failed to fetch/i,
    sentence: "A file that the page needs for computing could not be fetched.",
    advice: "Check the connection and try again. If it fails again, the site that serves the page is missing files.",
  },
];

/** Explains the error of a worker that did not start. */
export function explainStart(error: unknown): StartFailure {
  const detail = sentenceOf(error);
  if (error instanceof TimeoutError) {
    return {
      sentence: "The part of the page that computes did not start within a minute.",
      advice: "Check the connection, close tabs that compute, and try again.",
      detail,
    };
  }
  const reason = reasons.find(({ pattern }) => pattern.test(detail));
  return {
    sentence: reason?.sentence ?? "The part of the page that computes did not start.",
    advice: reason?.advice ?? "Try again; if it fails again, reload the page or use another browser.",
    detail,
  };
}
