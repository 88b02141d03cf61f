export { launch } from "./browsers.mjs";

/** Makes a browser context one without service workers, like a private window of Firefox. */
export const withoutServiceWorker = (context) =>
  context.addInitScript(() => Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => undefined }));

/**
 * Opens the playground and waits for its first picture, the element that `picture` selects. `problems` collects console
 * messages and uncaught errors. The page has no service worker, which would isolate it and keep the server busy.
 */
export async function openPage(browser, url, { hash = "", patience = 30_000, picture = ".heat-map canvas", ...contextOptions } = {}) {
  const context = await browser.newContext(contextOptions);
  await withoutServiceWorker(context);
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  await page.goto(url + hash);
  await page.waitForSelector(picture, { timeout: patience });
  await settled(page);
  return { page, problems, close: () => context.close() };
}

/** Waits until the latest picture and its numbers are shown. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector(".room[aria-busy], .lesson")?.getAttribute("aria-busy") === "false", undefined, {
    timeout: 60_000,
  });
}
