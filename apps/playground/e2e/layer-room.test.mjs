import assert from "node:assert/strict";
import { fromJson } from "@tfblocks/analysis/pictures";
import { describeRoom } from "./on-page.mjs";
import { settled } from "./open-page.mjs";
import { openMenu, savedFiles } from "./saved-file.mjs";
import { choose, outsideElements, pixelsOf } from "./read-page.mjs";
import { eventually } from "./eventually.mjs";

const openBox = (page) => page.getAttribute(".diagram-box.open", "data-box");
const boxMap = "#box .tensor-map canvas";

describeRoom("the layer room", { hash: "#/layer?v=2&of=play", picture: boxMap }, (onPage) => {
  onPage("the parts in sequence give the output of the layer", {}, async (page) => {
    await eventually.equal(() => page.locator(".check[data-passed=true]").count(), 4);
    await eventually.match(() => page.textContent("#checks"), /the parts in sequence give the output of the layer/);
    await eventually.equal(() => page.getAttribute("#cost", "data-live-tensors"), "0");
  });

  onPage("pointer and keyboard open the tensor of every box", {}, async (page) => {
    const names = await page.locator(".diagram-box").evaluateAll((boxes) => boxes.map((box) => box.dataset.box));
    assert.equal(names.length, 16);
    for (const name of names) {
      await page.click(`[data-box=${name}]`);
      await eventually.match(
        () => page.textContent("#box .tensor-facts"),
        name === "weights" ? /\[1, 4, 10, 10\]/ : /\[(1, )?10, (32|64)\]/,
      );
      await eventually.ok(async () => (await pixelsOf(page, boxMap)).colours > 5, name);
    }
    await eventually.equal(() => page.locator(".diagram-box[tabindex='0']").count(), 1);
    await page.focus(".diagram-box.open");
    await page.keyboard.press("ArrowUp");
    await page.waitForFunction((name) => document.querySelector(".diagram-box.open").dataset.box === name, names.at(-2), { timeout: 5000 });
    await eventually.equal(() => page.evaluate(() => document.activeElement.dataset.box), names.at(-2));
  });

  onPage("the diagram and the tensor of a box are saved", {}, async (page) => {
    const { SVG: diagram } = await savedFiles(page, page.locator("#diagram .export-menu"), ["PNG", "SVG"]);
    assert.match(diagram, /output projection.*marker-end|marker-end.*output projection/s);
    const box = page.locator("#box .export-menu");
    await eventually.match(async () => (await savedFiles(page, box)).SVG, /<title>Layer: attentionNorm<.*token \(row\)/s);
    await page.click("[data-box=weights]");
    const weights = await savedFiles(page, box);
    assert.match(weights.CSV, /^row,column,rowToken,columnToken,weight,allowed\r\n0,0,The,The,1,1\r\n0,1,The,cat,,0\r\n/);
    assert.equal(fromJson(weights.JSON).map.rows, 10);
    await openMenu(page.locator("#diagram .export-menu"));
    await openMenu(box);
    await eventually.equal(() => page.locator(".export-menu[open]").count(), 1);
  });

  onPage("post-norm moves the norms after the sums", {}, async (page) => {
    const order = () => page.locator(".diagram-box").evaluateAll((boxes) => boxes.map((box) => box.dataset.box));
    const before = await order();
    assert.ok(before.indexOf("attentionNorm") < before.indexOf("query"));
    await choose(page, "Norm placement", "Post-norm");
    await page.waitForFunction(() => document.querySelector("#diagram h2")?.textContent === "Post-norm");
    const after = await order();
    assert.ok(after.indexOf("attentionNorm") > after.indexOf("attentionSum"));
    assert.equal(after.at(-1), "feedForwardNorm");
    await eventually.equal(() => page.locator(".check[data-passed=true]").count(), 4);
  });

  onPage("without a mask no cell is hatched", { hash: "#/layer?v=2&of=play&box=weights" }, async (page) => {
    await eventually.equal(() => page.locator("#box .legend-masked").count(), 1);
    await page.getByText("Causal mask", { exact: true }).click();
    await page.waitForFunction(() => document.querySelector("#box .legend-masked") === null);
    await settled(page);
  });

  onPage(
    "a link restores the settings and the open box",
    { hash: "#/layer?v=2&of=play&residual=post&feedForward=gated&box=gate" },
    async (page) => {
      assert.equal(await openBox(page), "gate");
      await page.click("[data-box=hidden]");
      await page.waitForFunction(() => /box=hidden/.test(location.hash) && /residual=post/.test(location.hash));
    },
  );

  onPage("every computation frees its tensors", {}, async (page) => {
    for (const seed of ["1", "2", "3"]) {
      await page.getByLabel("Seed").fill(seed);
      await page.waitForFunction((wanted) => location.hash.includes(`seed=${wanted}`), seed);
      await settled(page);
      await eventually.equal(() => page.getAttribute("#cost", "data-live-tensors"), "0");
    }
  });

  onPage(
    "nothing is wider than a screen of 390 pixels",
    { viewport: { width: 390, height: 844 }, hash: "#/layer?v=2&of=play&box=weights&heads=8&feedForward=gated" },
    async (page) => {
      await eventually.deepEqual(() => outsideElements(page), []);
    },
  );

  onPage(
    "the stages of a layer of the chosen model are saved",
    { hash: "#/layer?v=2&model=grammar&text=the+boys+see&head=self.1.0", picture: "#stage canvas" },
    async (page) => {
      const { CSV: ranges } = await savedFiles(page, page.locator(".model-layer > .stacked > .export-menu"), ["JSON", "CSV"]);
      assert.match(ranges, /^stage,part,side,min,mean,max\r\nstream before,,input,-/);
      const { JSON: stage } = await savedFiles(page, page.locator("#stage .export-menu"));
      const { title, values } = JSON.parse(stage);
      assert.deepEqual([title, values.length, values[0].length], ["Grammar, L1: stream before", 3, 64]);
    },
  );

  onPage("the choice of numbers is one row", { viewport: { width: 1440, height: 900 } }, async (page) => {
    const choices = await page.$$eval(".room-choices .segment", (segments) => segments.map((each) => each.getBoundingClientRect().top));
    assert.equal(new Set(choices).size, 1);
  });

  onPage(
    "the bars of the stages are explained",
    { hash: "#/layer?v=2&model=grammar&text=the+boys+see&head=self.1.0", picture: "#stage canvas" },
    async (page) => assert.match(await page.textContent(".model-layer > .stacked > .hint"), /from the smallest to the largest.*mean/),
  );
});
