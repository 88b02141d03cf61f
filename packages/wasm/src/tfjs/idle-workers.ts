/**
 * A worker that reports that it is loaded and does nothing. The threaded module of tfjs requires eight workers for XNNPACK;
 * with these it starts immediately and with one thread, so that the only real workers are those of our pool.
 */
class IdleWorker {
  onmessage: ((event: { data: { cmd: string } }) => void) | undefined;

  postMessage(message: { cmd: string }): void {
    if (message.cmd === "load") queueMicrotask(() => this.onmessage?.({ data: { cmd: "loaded" } }));
  }

  on(): void {}
  ref(): void {}
  unref(): void {}
  terminate(): void {}
}

/** Runs a synchronous function in which `new Worker` gives idle workers, even if the function assigns `Worker` itself. */
export function withIdleWorkers<Result>(body: () => Result): Result {
  const before = Object.getOwnPropertyDescriptor(globalThis, "Worker");
  Object.defineProperty(globalThis, "Worker", { get: () => IdleWorker, set() {}, configurable: true });
  try {
    return body();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, "Worker");
    else Object.defineProperty(globalThis, "Worker", before);
  }
}
