import { type ReadonlySignal, signal } from "@preact/signals";
import { withTimeout } from "../compute/with-timeout.js";
import { askWorker } from "./ask-worker.js";
import type { PagesAnswer, StoreAnswer } from "./messages.js";
import { threadAdvice, offlineObstacle } from "./obstacle.js";

/** Whether the page works offline. */
export type OfflineState =
  | { readonly phase: "storing" | "stored" | "failed" }
  /** It cannot; one sentence for the reader says why. */
  | { readonly phase: "impossible"; readonly sentence: string };

/** Whether a new build is ready; `otherPages` have to be closed before it can be used. */
export interface Update {
  readonly otherPages: number;
}

/** Milliseconds that the first picture may wait for the service worker, which isolates the page. */
const patience = 2000;

/** The page's side of the service worker, which stores the page for use offline, isolates it, and fetches new builds. */
export class Offline {
  readonly #state = signal<OfflineState>({ phase: "storing" });
  readonly #update = signal<Update | undefined>();
  readonly #advice = signal<string | undefined>(adviceOf(false));
  #registration: ServiceWorkerRegistration | undefined;

  get state(): ReadonlySignal<OfflineState> {
    return this.#state;
  }

  /** A new build that is ready; undefined if there is none. */
  get update(): ReadonlySignal<Update | undefined> {
    return this.#update;
  }

  /** How the page gets more threads, as a sentence for the reader; undefined if it has them, or can have none. */
  get advice(): ReadonlySignal<string | undefined> {
    return this.#advice;
  }

  /**
   * Registers the service worker. On a host without the headers of isolation, the first visit reloads the page once, before it
   * shows anything. So does a visit that finds a new build ready. Never throws: without a service worker the page works as long as
   * it is online.
   *
   * @param onNewBuild called before the page waits for the new build
   * @returns whether the page is about to reload
   */
  async start(onNewBuild: () => void): Promise<boolean> {
    if (!import.meta.env.PROD) return this.#giveUp("The development server stores nothing for use offline.");
    const sentence = offlineObstacle({ isSecureContext, hasServiceWorkers: navigator.serviceWorker !== undefined });
    if (sentence !== undefined) return this.#giveUp(sentence);
    const wasControlled = navigator.serviceWorker.controller !== null;
    try {
      this.#registration = await navigator.serviceWorker.register(new URL("service-worker.js", document.baseURI));
      const active = activeWorker(this.#registration);
      if (!crossOriginIsolated && !wasControlled && mayReload() && (await withTimeout(active, patience).catch(() => undefined))) {
        location.reload();
        return true;
      }
      const { waiting } = this.#registration;
      if (wasControlled && waiting !== null && (await this.#takeOver(waiting, onNewBuild))) return true;
      this.#follow(this.#registration, active);
    } catch {
      return this.#giveUp("Works only online, because the browser refused to start the service worker that stores the page.");
    }
    return false;
  }

  /** Reloads the page, which then uses the new build, unless other pages still use the old one. */
  async reloadToUpdate(): Promise<void> {
    const waiting = this.#registration?.waiting;
    const pages = waiting && (await askWorker<PagesAnswer>(waiting, { ask: "count" }));
    if (pages && pages.otherPages > 0) this.#update.value = pages;
    else location.reload();
  }

  /**
   * Puts the worker of a new build in charge. The page must be idle: if it fetches at that moment, Chromium keeps the worker before
   * until nothing has been fetched for half a minute.
   *
   * @returns whether the page is about to reload; otherwise the new build is offered
   */
  async #takeOver(waiting: ServiceWorker, onNewBuild: () => void): Promise<boolean> {
    await loaded();
    const inCharge = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    this.#update.value = await askWorker<PagesAnswer>(waiting, { ask: "take over" });
    if (this.#update.value.otherPages > 0) return false;
    onNewBuild();
    await inCharge;
    location.reload();
    return true;
  }

  #giveUp(sentence: string): false {
    this.#state.value = { phase: "impossible", sentence };
    return false;
  }

  #follow(registration: ServiceWorkerRegistration, active: Promise<ServiceWorker>): void {
    this.#advice.value = adviceOf(true);
    this.#watchUpdates(registration);
    void active.then((worker) => this.#store(worker));
  }

  async #store(worker: ServiceWorker): Promise<void> {
    const { stored, isSameBuild } = await askWorker<StoreAnswer>(worker, { ask: "store", entry: import.meta.url });
    this.#state.value = { phase: stored ? "stored" : "failed" };
    if (!isSameBuild) this.#offer();
  }

  #watchUpdates(registration: ServiceWorkerRegistration): void {
    if (registration.waiting) this.#offer();
    this.#watchInstalling(registration);
    registration.addEventListener("updatefound", () => this.#watchInstalling(registration));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void registration.update().catch(() => {}); // offline: the next time
    });
  }

  #watchInstalling({ installing, active }: ServiceWorkerRegistration): void {
    if (active === null) return; // the first worker is no update
    installing?.addEventListener("statechange", () => installing.state === "installed" && this.#offer());
  }

  #offer(): void {
    this.#update.value ??= { otherPages: 0 };
  }
}

/** The worker that answers the page, once it does. */
function activeWorker({ active, waiting, installing }: ServiceWorkerRegistration): Promise<ServiceWorker> {
  const worker = active ?? waiting ?? installing;
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      if (worker?.state === "activated") resolve(worker);
      if (worker === null || worker.state === "redundant") reject(new Error("the service worker could not be installed"));
    };
    worker?.addEventListener("statechange", settle);
    settle();
  });
}

/** Waits until the page has fetched what its document names. */
async function loaded(): Promise<void> {
  if (document.readyState !== "complete") await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
}

const adviceOf = (hasWorker: boolean): string | undefined => (crossOriginIsolated ? undefined : threadAdvice(isEmbedded(), hasWorker));
const isEmbedded = (): boolean => window.top !== window;

/** Not after a reload, so that there is never more than one; a page inside another one is not isolated by a reload. */
function mayReload(): boolean {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return navigation?.type !== "reload" && !isEmbedded();
}
