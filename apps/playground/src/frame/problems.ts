import { type ReadonlySignal, signal } from "@preact/signals";
import { sentenceOf } from "../compute/outcome.js";
import { WorkerLost } from "../compute/worker-lost.js";

const latest = signal<string | undefined>();

/** The last error that nothing has caught, of the page or of the worker. */
export const problem: ReadonlySignal<string | undefined> = latest;

export function reportProblem(message: string): void {
  latest.value = message;
}

export function forgetProblem(): void {
  latest.value = undefined;
}

/** Takes note of all errors of the window that nothing catches. */
export function watchProblems(): void {
  addEventListener("error", ({ message }) => {
    if (!message.startsWith("ResizeObserver loop")) reportProblem(message); // harmless: the observer tries again
  });
  addEventListener("unhandledrejection", (event) => {
    if (event.reason instanceof WorkerLost) event.preventDefault(); // the page says so where it says why
    else reportProblem(sentenceOf(event.reason));
  });
}
