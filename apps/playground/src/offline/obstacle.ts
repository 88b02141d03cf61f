/** What decides whether the page can have a service worker. */
interface Surroundings {
  readonly isSecureContext: boolean;
  readonly hasServiceWorkers: boolean;
}

/** Why the page cannot work offline, as a sentence for the reader; undefined if nothing is known to prevent it. */
export function offlineObstacle({ isSecureContext, hasServiceWorkers }: Surroundings): string | undefined {
  if (!isSecureContext) return "Works only online, because its address begins with http: browsers store pages only over https.";
  if (!hasServiceWorkers) return "Works only online, because this window runs no service workers, for example because it is private.";
  return undefined;
}

/** How a page without threads gets them, as a sentence for the reader. */
export function threadAdvice(isEmbedded: boolean, hasWorker: boolean): string | undefined {
  if (isEmbedded) return "Embedded in another page, the playground has one thread. Open it in a tab of its own to use more.";
  return hasWorker ? "Reload the page to use more threads." : undefined;
}
