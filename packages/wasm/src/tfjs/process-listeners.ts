const events = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Runs a body and puts Node's process-wide error handlers back as they were: Emscripten's loader adds its own, and
 * its disposal removes everybody's.
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

/** Raw, so that a listener added with `once` stays one. */
function listenersOf(event: Event): Listener[] {
  return process.rawListeners(event as "exit") as Listener[];
}

function restore(event: Event, before: readonly Listener[]): void {
  const now = listenersOf(event);
  if (now.length === before.length && now.every((listener, index) => listener === before[index])) return;
  process.removeAllListeners(event);
  for (const listener of before) process.on(event as "exit", listener);
}
