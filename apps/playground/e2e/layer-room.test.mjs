import assert from "node:assert/strict";
import { describeRoom } from "./on-page.mjs";
import { settled } from "./open-page.mjs";
import { choose, outsideElements, pixelsOf } from "./read-page.mjs";

const openBox = (page) => page.getAttribute(".diagram-box.open", "data-box");
const boxMap = "#box .tensor-map canvas";

describeRoom("the layer room", { hash: "#/layer", picture: boxMap }, (onPage) => {
  onPage("the parts in sequence give the output of the layer", {}, async (page) => {
    assert.equal(await page.locator(".check[data-passed=true]").count(), 4);
    assert.match(await page.textContent("#checks"), /the parts in sequence give the output of the layer/);
    assert.equal(await page.getAttribute("#cost", "data-live-tensors"), "0");
  });

  onPage("pointer and keyboard open the tensor of every box", {}, async (page) => {
    const names = await page.locator(".diagram-box").evaluateAll((boxes) => boxes.map((box) => box.dataset.box));
    assert.equal(names.length, 16);
    for (const name of names) {
      await page.click(`[data-box=${name}]`);
      assert.match(await page.textContent("#box .tensor-facts"), name === "weights" ? /\[1, 4, 10, 10\]/ : /\[(1, )?10, (32|64)\]/);
      assert.ok((await pixelsOf(page, boxMap)).colours > 5, name);
    }
    assert.equal(await page.locator(".diagram-box[tabindex='0']").count(), 1);
    await page.focus(".diagram-box.open");
    await page.keyboard.press("ArrowUp");
    await page.waitForFunction((name) => document.querySelector(".diagram-box.open").dataset.box === name, names.at(-2), { timeout: 5000 });
    assert.equal(await page.evaluate(() => document.activeElement.dataset.box), names.at(-2));
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
    assert.equal(await page.locator(".check[data-passed=true]").count(), 4);
  });

  onPage("without a mask no cell is hatched", { hash: "#/layer?v=1&box=weights" }, async (page) => {
    assert.equal(await page.locator("#box .legend-masked").count(), 1);
    await page.getByText("Causal mask", { exact: true }).click();
    await page.waitForFunction(() => document.querySelector("#box .legend-masked") === null);
    await settled(page);
  });

  onPage(
    "a link restores the settings and the open box",
    { hash: "#/layer?v=1&residual=post&feedForward=gated&box=gate" },
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
      assert.equal(await page.getAttribute("#cost", "data-live-tensors"), "0");
    }
  });

  onPage(
    "nothing is wider than a screen of 390 pixels",
    { viewport: { width: 390, height: 844 }, hash: "#/layer?v=1&box=weights&heads=8&feedForward=gated" },
    async (page) => {
      assert.deepEqual(await outsideElements(page), []);
    },
  );
});
