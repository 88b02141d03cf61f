import type { OfflineRequest, PagesAnswer, StoreAnswer } from "../messages.js";
import { type BuildFiles, FileCache } from "./file-cache.js";
import { isolated } from "./isolated.js";
import type { WorkerScope } from "./worker-scope.js";

/** The build writes it above this code. */
declare const buildFiles: BuildFiles;

const scope = self as unknown as WorkerScope;
const folder = scope.registration.scope;
/** Milliseconds for which a page that was left or reloaded may still be counted. */
const farewell = 500;
const files = new FileCache(buildFiles, folder, caches);

/** Answers from the cache once it has the whole build, and otherwise from the network. */
async function answer(request: Request): Promise<Response> {
  const stored = await files.read(request.url).catch(() => undefined); // a broken cache is no reason to fail
  return stored ?? isolated(await fetch(request));
}

async function store(entry: string): Promise<StoreAnswer> {
  const stored = await files.store().then(
    () => true,
    () => false,
  );
  return { stored, isSameBuild: files.has(entry) };
}

async function takeOver(): Promise<PagesAnswer> {
  const pages = await countPages();
  if (pages.otherPages === 0) void scope.skipWaiting(); // resolves only when this worker is in charge
  return pages;
}

async function countPages(): Promise<PagesAnswer> {
  if ((await countOtherPages()) > 0) await new Promise((resolve) => setTimeout(resolve, farewell));
  return { otherPages: await countOtherPages() };
}

async function countOtherPages(): Promise<number> {
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  return Math.max(0, pages.filter(({ url }) => url.startsWith(folder)).length - 1);
}

function answerTo(request: OfflineRequest): Promise<StoreAnswer | PagesAnswer> {
  if (request.ask === "store") return store(request.entry);
  return request.ask === "count" ? countPages() : takeOver();
}

// The first worker starts at once, because the page waits for it to be isolated. A later one has the whole build when it is offered.
scope.addEventListener("install", (event) => event.waitUntil(scope.registration.active === null ? scope.skipWaiting() : files.store()));

scope.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([files.prune().catch(() => {}), scope.clients.claim()]));
});

scope.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(folder)) event.respondWith(answer(event.request));
});

scope.addEventListener("message", (event) => {
  event.waitUntil(answerTo(event.data as OfflineRequest).then((reply) => event.ports[0]?.postMessage(reply)));
});
