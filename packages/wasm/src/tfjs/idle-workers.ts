/**
 * A worker that says it is loaded and does nothing. tfjs's threaded module insists on eight workers for XNNPACK; given
 * these it starts at once, with one thread, and the only real workers are those of our pool.
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

/** Runs a synchronous body in which `new Worker` gives idle workers, also where the body assigns `Worker` itself. */
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
