import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mainFirst } from "./full.mjs";
import { launch, withoutServiceWorker } from "./open-page.mjs";
import { isolation, serve } from "./serve.mjs";

/**
 * Tests of the frame, each on a new page at a hash; without a hash the test opens the page itself, at the URL that it gets. A page may
 * not log anything, unless the test takes it out of `problems`. Without `--full` only the first test runs. `declare` receives the function that declares a test.
 */
export function describeFrame(name, declare) {
  describe(name, () => {
    let server;
    let browser;
    before(async () => {
      server = await serve(isolation);
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });
    const onFrame = mainFirst((title, { skip, hash, ...options }, body) =>
      test(title, { skip }, async () => {
        const context = await browser.newContext(options);
        await withoutServiceWorker(context);
        const page = await context.newPage();
        const problems = [];
        page.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
        page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
        try {
          if (hash !== undefined) await page.goto(server.url + hash);
          await body(page, problems, server.url);
          assert.deepEqual(problems, []);
        } finally {
          await context.close();
        }
      }),
    );
    declare((title, hash, body, options) => onFrame(title, { hash, ...options }, body));
  });
}

/** Waits until the backend runs. */
export const isReady = (page) => page.waitForSelector(".chip-details", { timeout: 30_000 });

/** Waits until nothing of the room is being computed. */
export const isQuiet = (page) =>
  page.waitForFunction(() => document.querySelector("main [aria-busy=true]") === null, undefined, { timeout: 60_000 });

export const noticeWith = (page, text) => page.locator(".notice", { hasText: text }).waitFor({ timeout: 30_000 });

/** The link of a room in the navigation. */
export const roomLink = (page, title) => page.locator(".page-nav").getByRole("link", { name: title, exact: true });
