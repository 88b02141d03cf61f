const events = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Runs a function and restores the process-wide error handlers of Node.js: the loader of Emscripten adds its own, and its
 * disposal removes all of them.
 */
export function keepingProcessListeners<Result>(body: () => Result): Result {
  if (typeof process !== "object" || typeof process.rawListeners !== "function") return body();
  const before = events.map(listenersOf);
  try {
    return body();
  } finally {
    events.forEach((event, index) => restore(event, before[index]!));
  }
}

type Listener = (...values: unknown[]) => void;
type Event = (typeof events)[number];

/** Raw listeners, so that a listener added with `once` is restored as such. */
function listenersOf(event: Event): Listener[] {
  return process.rawListeners(event as "exit") as Listener[];
}

function restore(event: Event, before: readonly Listener[]): void {
  const now = listenersOf(event);
  if (now.length === before.length && now.every((listener, index) => listener === before[index])) return;
  process.removeAllListeners(event);
  for (const listener of before) process.on(event as "exit", listener);
}
