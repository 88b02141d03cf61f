import assert from "node:assert/strict";
import { describeRoom } from "./on-page.mjs";
import { settled } from "./open-page.mjs";
import { choose, outsideElements, pixelsOf } from "./read-page.mjs";

const map = (panel) => `#${panel} .tensor-map canvas`;
const reading = (page, panel) => page.textContent(`#${panel} .map-reading`);

describeRoom("the room of building blocks", { hash: "#/blocks", picture: ".panel svg" }, (onPage) => {
  onPage("shows sinusoids with similarity 1 at distance 0", {}, async (page) => {
    assert.ok((await pixelsOf(page, map("encoding"))).colours > 50);
    assert.match(await page.textContent("#similarity .plot-reading"), /distance 0.*1\.00/);
    assert.equal(await page.getAttribute("#cost", "data-live-tensors"), "0");
  });

  onPage("the base changes the picture", {}, async (page) => {
    const before = await pixelsOf(page, map("encoding"));
    await page.getByRole("combobox", { name: "Base" }).selectOption("100");
    await page.waitForFunction(() => location.hash.includes("theta=100"));
    assert.notEqual((await pixelsOf(page, map("encoding"))).print, before.print);
  });

  onPage("a number can be typed digit by digit, and is clamped when the field loses focus", {}, async (page) => {
    const field = page.getByLabel("Positions", { exact: true }).and(page.locator("input[type=number]"));
    await field.click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("16");
    await page.waitForFunction(() => location.hash.includes("length=16"));
    for (const [typed, left] of [
      ["1", "2"],
      ["9999", "256"],
      ["", "256"],
    ]) {
      await field.fill(typed);
      assert.equal(await field.inputValue(), typed);
      await field.blur();
      assert.equal(await field.inputValue(), left);
    }
    await page.waitForFunction(() => location.hash.includes("length=256"));
  });

  onPage("the arrow keys read a map and a plot", {}, async (page) => {
    await page.focus("#encoding .tensor-map-plot");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    assert.match(await reading(page, "encoding"), /^position 1, dimension 1: 0\.540$/);
    await page.focus("#similarity .line-plot-area");
    await page.keyboard.press("Home");
    assert.match(await page.getAttribute("#similarity .line-plot-area", "aria-valuetext"), /^distance −32: dot product/);
  });

  onPage("a rotary embedding rotates arrows, and a scaling is compared with none", {}, async (page) => {
    await choose(page, "Encoding", "RoPE");
    await page.waitForSelector(".arrow-grid .arrow");
    await page.getByLabel("For longer texts").selectOption("yarn");
    await page.waitForFunction(() => document.querySelector("#similarity .plot-reading")?.textContent.includes("without scaling"));
    await page.getByRole("slider", { name: /^Pair/ }).fill("0");
    assert.match(await reading(page, "encoding"), /Pair 0 rotates by 1\.00 radians/);
  });

  onPage("ALiBi and T5 give a bias for every head", {}, async (page) => {
    await choose(page, "Encoding", "ALiBi");
    await page.waitForSelector("#encoding table");
    assert.equal(await page.locator("#similarity .plot-key").count(), 4);
    await choose(page, "Encoding", "T5");
    await page.waitForFunction(() => document.querySelector("#encoding h2")?.textContent.startsWith("Distance buckets"));
    assert.ok((await pixelsOf(page, map("encoding"))).colours > 20);
  });

  onPage("norms give every token a deviation of 1", { hash: "#/blocks?v=1&block=norms" }, async (page) => {
    const rows = await page.locator(".statistics tbody tr").allTextContents();
    assert.equal(rows.length, 10);
    for (const row of rows) assert.match(row, /0 ± (1\.00|0\.999|1\.000)/);
    await page.focus("#histogram .token-button.chosen");
    await page.keyboard.press("ArrowRight");
    assert.match(await page.textContent("#histogram h2"), /“sat”/);
    const before = await pixelsOf(page, map("vectors"));
    await choose(page, "Stage", "LayerNorm");
    assert.notEqual((await pixelsOf(page, map("vectors"))).print, before.print);
  });

  onPage("a gated network shows its gate", { hash: "#/blocks?v=1&block=feedForward", picture: "#hidden-units canvas" }, async (page) => {
    assert.equal(await page.locator("#token-path .vector-row").count(), 4);
    await choose(page, "Type", "Gated");
    await page.waitForFunction(() => document.querySelectorAll("#token-path .vector-row").length === 5);
    await choose(page, "Curve", "Slope");
    assert.match(await page.textContent("#curves .plot-reading"), /ReLU 1\.00/);
    await settled(page);
    assert.equal(await page.getAttribute("#cost", "data-live-tensors"), "0");
  });

  onPage(
    "an empty text gives a message, and the last picture stays",
    { hash: "#/blocks?v=1&block=feedForward", picture: "#hidden-units canvas" },
    async (page) => {
      await page.fill("#text", "");
      await page.waitForFunction(() => /at least one word/.test(document.querySelector("#text-failure")?.textContent ?? ""));
      assert.equal(await page.locator("#hidden-units tbody tr").count(), 10);
    },
  );

  onPage(
    "a link restores the block and its settings",
    { hash: "#/blocks?v=1&block=positions&encoding=alibi&heads=6&length=20" },
    async (page) => {
      assert.equal(await page.locator("#encoding tbody tr").count(), 6);
      await choose(page, "Block", "Norms");
      await page.waitForSelector("#histogram svg");
      await page.waitForFunction(() => location.hash.includes("block=norms"));
    },
  );

  for (const hash of [
    "#/blocks?v=1&block=positions&encoding=rotary&scaling=llama3&length=256",
    "#/blocks?v=1&block=positions&encoding=t5&heads=8",
    "#/blocks?v=1&block=norms&width=256",
    "#/blocks?v=1&block=feedForward&gated=true&expansion=8",
  ]) {
    const options = { viewport: { width: 390, height: 844 }, hash, picture: ".panel svg" };
    onPage(`nothing is wider than a screen of 390 pixels: ${hash}`, options, async (page) => {
      assert.deepEqual(await outsideElements(page), []);
    });
  }
});
