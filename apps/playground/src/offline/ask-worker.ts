import type { OfflineRequest } from "./messages.js";

/** Sends a request to a service worker and waits for its answer. */
export function askWorker<Answer>(worker: ServiceWorker, request: OfflineRequest): Promise<Answer> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const settle = ({ data }: MessageEvent<Answer>): void => {
      port1.close();
      resolve(data);
    };
    port1.addEventListener("message", settle, { once: true });
    port1.start();
    worker.postMessage(request, [port2]);
  });
}
