import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, withoutServiceWorker } from "./open-page.mjs";
import { isolation, serve } from "./serve.mjs";
import { eventually } from "./eventually.mjs";

const assets = new URL("../dist/assets/", import.meta.url);

// Safari would run the entry a second time and register the kernels of tfjs twice.
test("no chunk imports from the worker's entry", async () => {
  const chunks = (await readdir(fileURLToPath(assets))).filter((name) => name.endsWith(".js"));
  assert.ok(chunks.some((name) => name.startsWith("compute.worker-")));
  for (const name of chunks) {
    const code = await readFile(new URL(name, assets), "utf8");
    assert.doesNotMatch(code, /(?:from|import)\s*\(?\s*["'`]\.\/compute\.worker-/, name);
  }
});

test("the page reports at once if code of the worker cannot be fetched", async () => {
  const [server, browser] = [await serve(isolation), await launch()];
  try {
    const context = await browser.newContext();
    await withoutServiceWorker(context); // it would fetch the file past the route
    const page = await context.newPage();
    await page.route("**/serve-calls-*.js", (route) => route.abort());
    await page.goto(server.url);
    await page.waitForSelector(".notice.bad", { timeout: 10_000 });
    await eventually.match(() => page.textContent(".notice"), /^A file that the page needs for computing could not be fetched\./);
  } finally {
    await browser.close();
    await server.close();
  }
});
