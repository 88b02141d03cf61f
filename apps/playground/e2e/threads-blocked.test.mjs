import assert from "node:assert/strict";
import { test } from "node:test";
import { launch, openPage } from "./open-page.mjs";
import { isolation, serve } from "./serve.mjs";

// A policy that forbids blob workers leaves tfjs waiting for threads that never come.
const noThreads = { ...isolation, "Content-Security-Policy": "worker-src 'self'" };

test("when threads never answer, the page starts again with one and says so", async () => {
  const server = await serve(noThreads);
  const browser = await launch();
  try {
    const { page } = await openPage(browser, server.url, { patience: 60_000 });
    assert.equal(await page.getAttribute(".chip-details summary", "data-threads"), "1");
    await page.click(".chip-details summary");
    assert.match(await page.textContent("#backend-card"), /started again without them/);
    assert.equal(await page.locator(".check[data-passed=true]").count(), 3);
  } finally {
    await browser.close();
    await server.close();
  }
});
