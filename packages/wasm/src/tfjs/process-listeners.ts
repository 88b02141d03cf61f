const events = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Runs a body and puts Node's process-wide error handlers back as they were: Emscripten's loader adds its own, and
 * its disposal removes everybody's.
 */
export function keepingProcessListeners<Result>(body: () => Result): Result {
  if (typeof process !== "object" || typeof process.listeners !== "function") return body();
  const before = events.map((event) => process.listeners(event as "uncaughtException"));
  try {
    return body();
  } finally {
    events.forEach((event, index) => {
      process.removeAllListeners(event);
      for (const listener of before[index]!) process.on(event as "uncaughtException", listener);
    });
  }
}
