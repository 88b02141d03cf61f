import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describeRoom } from "./on-page.mjs";
import { settled } from "./open-page.mjs";
import { choose, pixelsOf } from "./read-page.mjs";

const models = JSON.parse(readFileSync(new URL("../dist/models/index.json", import.meta.url), "utf8"));
const weightsOf = (name) => new URL(`../dist/models/${name}/model.safetensors`, import.meta.url);
const largeMap = ".heat-map.large canvas";

describeRoom("trained models in the attention room", { hash: "#/attention" }, (onPage) => {
  for (const { name, title } of models) {
    onPage(`${name} shows its example in every layer, and the checks pass`, {}, async (page) => {
      const drawn = await pixelsOf(page, largeMap);
      await page.getByRole("combobox", { name: "Weights" }).selectOption({ label: `Trained: ${title}` });
      await page.waitForFunction((wanted) => location.hash.includes(`model=${wanted}`), name);
      await settled(page);
      const first = await pixelsOf(page, largeMap);
      assert.notEqual(first.print, drawn.print);
      await choose(page, "Layer", "1");
      await page.waitForFunction(() => location.hash.includes("layer=1"));
      await settled(page);
      assert.notEqual((await pixelsOf(page, largeMap)).print, first.print);
      assert.equal(await page.locator(".check[data-passed=true]").count(), 3);
      assert.equal(await page.getAttribute("#cost", "data-live-tensors"), "0");
      await page.getByRole("combobox", { name: "Weights" }).selectOption({ label: "Random" });
      await page.waitForFunction(() => !location.hash.includes("model="));
      await settled(page);
      assert.equal(await page.getAttribute("#cost", "data-live-tensors"), "0");
    });
  }

  const weightsSelect = (page) => page.getByRole("combobox", { name: "Weights" });
  const [slow, quick] = models.map(({ name }) => name);

  /** Delays the weights of a model until the returned function is called. */
  async function hold(page, name) {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    await page.route(`**/models/${name}/model.safetensors`, async (route) => {
      await released;
      await route.continue();
    });
    return release;
  }

  onPage("the model chosen last is shown, even if it loads first", {}, async (page) => {
    const release = await hold(page, slow);
    await weightsSelect(page).selectOption(slow);
    await weightsSelect(page).selectOption(quick);
    await page.waitForFunction((name) => location.hash.includes(`model=${name}`), quick);
    release();
    await page.waitForTimeout(500);
    await settled(page);
    assert.equal(await weightsSelect(page).inputValue(), quick);
    assert.match(page.url(), new RegExp(`model=${quick}`));
  });

  onPage("leaving the room while a model loads frees it", {}, async (page) => {
    const release = await hold(page, slow);
    await weightsSelect(page).selectOption(slow);
    await page.click("nav a[href='#/layer']");
    await page.waitForSelector("#cost");
    release();
    await page.waitForTimeout(1000);
    await page.getByLabel("Seed").fill("1");
    await page.waitForFunction(() => location.hash.includes("seed=1"));
    assert.equal(await page.getAttribute("#cost", "data-live-tensors"), "0");
  });

  for (const { file, body, sentence } of [
    { file: "config.json", body: "<!doctype html>", sentence: /config\.json is not JSON\.$/ },
    { file: "model.safetensors", body: "<!doctype html>", sentence: /is this a safetensors file\?$/ },
    { file: "model.safetensors", body: readFileSync(weightsOf(slow)).subarray(0, 300_000), sentence: /file must be of \d+ bytes/ },
  ]) {
    onPage(`a broken ${file} gives a message, and the last picture stays: ${sentence}`, {}, async (page) => {
      const drawn = await pixelsOf(page, largeMap);
      await page.route(`**/models/${slow}/${file}`, (route) => route.fulfill({ body }));
      await weightsSelect(page).selectOption(slow);
      await page.waitForFunction(() => document.querySelector("#model-failure")?.textContent !== "");
      assert.match(await page.textContent("#model-failure"), sentence);
      assert.deepEqual(await pixelsOf(page, largeMap), drawn);
      await page.unroute(`**/models/${slow}/${file}`);
      await weightsSelect(page).selectOption("");
      await page.waitForFunction(() => document.querySelector("#model-failure")?.textContent === "");
    });
  }

  const foreign = { hash: "#/attention?v=1&model=copy&part=cross&text=abc&keyText=%C3%9F", picture: "#keyText" };
  onPage("a character outside the vocabulary gives a message at its own text", foreign, async (page) => {
    await page.waitForFunction(() => /got "ß"/.test(document.querySelector("#keyText-failure")?.textContent ?? ""));
    assert.equal(await page.textContent("#text-failure"), "");
    await page.fill("#keyText", "ab");
    await page.waitForSelector(largeMap);
    await page.fill("#text", "ß");
    await page.waitForFunction(() => /got "ß"/.test(document.querySelector("#text-failure")?.textContent ?? ""));
    assert.equal(await page.textContent("#keyText-failure"), "");
  });

  onPage("old pictures are freed", {}, async (page) => {
    const developer = await page.context().newCDPSession(page);
    const show = async (name) => {
      await weightsSelect(page).selectOption(name);
      await page.waitForFunction((wanted) => new URLSearchParams(location.hash.split("?")[1]).get("model") === wanted, name || null);
      await settled(page);
    };
    const heapAfter = async (pictures) => {
      for (let each = 0; each < pictures; each++) await show(["", slow, quick][each % 3]);
      await developer.send("HeapProfiler.collectGarbage");
      return (await developer.send("Runtime.getHeapUsage")).usedSize;
    };
    await show(quick);
    const first = await heapAfter(6);
    const growth = (await heapAfter(12)) - first;
    assert.ok(growth < 1e6, `after twelve more pictures the heap has grown by ${growth} bytes`);
  });

  onPage("leaving the room frees the model", {}, async (page) => {
    if (models.length === 0) return;
    await page.getByRole("combobox", { name: "Weights" }).selectOption({ index: 1 });
    await page.waitForFunction(() => location.hash.includes("model="));
    await settled(page);
    await page.click("nav a[href='#/layer']");
    await page.waitForSelector("#cost");
    assert.equal(await page.getAttribute("#cost", "data-live-tensors"), "0");
  });
});
