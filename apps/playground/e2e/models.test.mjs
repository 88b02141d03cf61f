import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describeRoom } from "./on-page.mjs";
import { settled } from "./open-page.mjs";
import { choose, pixelsOf } from "./read-page.mjs";

const models = JSON.parse(readFileSync(new URL("../dist/models/index.json", import.meta.url), "utf8"));
const largeMap = ".heat-map.large canvas";

describeRoom("trained models in the attention room", { hash: "#/attention" }, (onPage) => {
  for (const { name, title } of models) {
    onPage(`${name} shows its probe, in every layer, with checks that hold`, {}, async (page) => {
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
      await page.getByRole("combobox", { name: "Weights" }).selectOption({ label: "Freshly drawn" });
      await page.waitForFunction(() => !location.hash.includes("model="));
      await settled(page);
      assert.equal(await page.getAttribute("#cost", "data-live-tensors"), "0");
    });
  }

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
