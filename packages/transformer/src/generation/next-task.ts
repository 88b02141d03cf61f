declare const setImmediate: ((callback: () => void) => void) | undefined;

/**
 * Waits for the next task of the event loop, so that messages, input and painting get their turn. Frames would not do: there are only
 * about 60 in a second, and none in a hidden tab. Nor would timers, which browsers delay by 4 ms when they follow one another.
 */
export function nextTask(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise(setImmediate);
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const done = (): void => {
      port1.close();
      resolve();
    };
    port1.addEventListener("message", done, { once: true });
    port1.start();
    port2.postMessage(null);
  });
}
