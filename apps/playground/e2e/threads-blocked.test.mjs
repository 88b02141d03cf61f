import assert from "node:assert/strict";
import { test } from "node:test";
import { launch, openPage } from "./open-page.mjs";
import { isolation, serve } from "./serve.mjs";

// The page's own worker may start, but none from a blob, as those of the threads are.
const noThreads = { ...isolation, "Content-Security-Policy": "worker-src 'self'" };

test("where the policy forbids its threads, the page computes with one and says what to allow", async () => {
  const server = await serve(noThreads);
  const browser = await launch();
  try {
    const { page } = await openPage(browser, server.url);
    assert.equal(await page.getAttribute(".chip-details summary", "data-threads"), "1");
    await page.click(".chip-details summary");
    const card = await page.textContent("#backend-card");
    assert.match(card, /1 of \d+ threads: a worker was refused.* must allow worker-src blob:/);
    assert.equal(await page.locator(".check[data-passed=true]").count(), 3);
  } finally {
    await browser.close();
    await server.close();
  }
});
