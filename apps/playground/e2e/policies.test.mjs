import assert from "node:assert/strict";
import { test } from "node:test";
import { launch, openPage } from "./open-page.mjs";
import { pixelsOf } from "./read-page.mjs";
import { isolation, serve } from "./serve.mjs";
import { eventually } from "./eventually.mjs";

/** Serves the playground with a content security policy and opens a browser. */
async function under(policy, body) {
  const server = await serve({ ...isolation, ...(policy && { "Content-Security-Policy": policy }) });
  const browser = await launch();
  try {
    await body(browser, server.url);
  } finally {
    await browser.close();
    await server.close();
  }
}

// The worker of the page may start, but the workers of the threads, which start from a blob, may not.
test("if the policy forbids its threads, the page computes with one and says what to allow", () =>
  under("worker-src 'self'", async (browser, url) => {
    const { page } = await openPage(browser, url, { hash: "#/explore" });
    await eventually.equal(() => page.getAttribute(".chip-details summary", "data-threads"), "1");
    await page.click(".chip-details summary");
    await eventually.match(() => page.textContent("#backend-card"), /1 of \d+ threads: a worker was refused.* must allow worker-src blob:/);
    await eventually.ok(async () => (await pixelsOf(page, ".heat-map canvas")).colours > 5);
  }));

test("if the policy forbids WebAssembly, the page says what to allow", () =>
  under("script-src 'self'", async (browser, url) => {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForSelector(".notice.bad");
    await eventually.match(
      () => page.textContent(".notice"),
      /^The site that serves this page forbids WebAssembly.*'wasm-unsafe-eval' in script-src/,
    );
  }));

test("if the policy forbids all workers, the page says that its worker did not start", () =>
  under("worker-src 'none'", async (browser, url) => {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForSelector(".notice.bad");
    await eventually.match(() => page.textContent(".notice"), /^A file that the page needs for computing could not be fetched\./);
  }));

test("two pages at the same time both have threads", () =>
  under(undefined, async (browser, url) => {
    const pages = await Promise.all([openPage(browser, url, { hash: "#/explore" }), openPage(browser, url, { hash: "#/explore" })]);
    for (const { page, problems } of pages) {
      const processors = await page.evaluate(() => navigator.hardwareConcurrency);
      await eventually.equal(() => page.getAttribute(".chip-details summary", "data-threads"), String(Math.min(8, processors)));
      await eventually.ok(async () => (await pixelsOf(page, ".heat-map canvas")).colours > 5);
      assert.deepEqual(problems, []);
    }
  }));
