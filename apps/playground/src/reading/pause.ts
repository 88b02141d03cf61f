import type { Run } from "./run.js";

/** A newer input has replaced the one that was being read, so that nobody waits for the result. */
export class OutdatedError extends Error {
  override readonly name = "OutdatedError";
}

/** Lets the worker answer other calls. @throws OutdatedError when the input has changed meanwhile */
export async function pause(run: Run): Promise<void> {
  await new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel(); // setTimeout waits 4 ms when it is nested
    const done = (): void => {
      port1.close();
      resolve(undefined);
    };
    port1.addEventListener("message", done, { once: true });
    port1.start();
    port2.postMessage(null);
  });
  if (run.isOutdated) throw new OutdatedError("The text has changed meanwhile.");
}
