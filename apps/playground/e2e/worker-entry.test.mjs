import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./open-page.mjs";
import { isolation, serve } from "./serve.mjs";

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
    const page = await browser.newPage();
    await page.route("**/serve-calls-*.js", (route) => route.abort());
    await page.goto(server.url);
    await page.waitForSelector(".chip.bad", { timeout: 10_000 });
    assert.match(await page.textContent(".chip.bad"), /The compute worker did not start/);
  } finally {
    await browser.close();
    await server.close();
  }
});
