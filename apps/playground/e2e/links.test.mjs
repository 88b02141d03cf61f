import assert from "node:assert/strict";
import { describeFrame, isQuiet, isReady, roomLink } from "./on-frame.mjs";
import { eventually } from "./eventually.mjs";

describeFrame("links, history and undo", (onPage) => {
  onPage("Back and Forward go from room to room, name the page and focus the heading", "#/layer?of=play", async (page) => {
    await isReady(page);
    await page.getByLabel("Seed").fill("7");
    await page.waitForFunction(() => location.hash.includes("seed=7"));
    await roomLink(page, "Building blocks").click();
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    await eventually.equal(() => page.title(), "Building blocks · tfblocks playground");
    await page.goBack();
    await page.waitForFunction(() => document.title.startsWith("One layer") && document.activeElement?.tagName === "H1");
    await eventually.equal(() => page.getByLabel("Seed").inputValue(), "7");
    await page.goForward();
    await page.waitForFunction(() => document.title.startsWith("Building blocks"));
    await roomLink(page, "One layer").click();
    await page.waitForFunction(() => location.hash.includes("seed=7"));
  });

  const ablated = encodeURIComponent(JSON.stringify([{ kind: "ablate", part: "layers.1.attention", heads: [0], by: "zero" }]));

  const withEdit = `#/explore?v=2&model=induction&text=abcdefabc&edits=${ablated}`;

  const edits = (page) => page.locator(".workspace-edits");

  const hasEdits = (page, wanted) => page.waitForFunction((has) => location.hash.includes("edits=") === has, wanted);

  const undo = (page) => page.getByRole("button", { name: "Undo the last change" });

  const redo = (page) => page.getByRole("button", { name: "Redo the change that was undone" });

  onPage("an edit is undone and made again by buttons, by keys, and by Back and Forward", withEdit, async (page) => {
    await isReady(page);
    await isQuiet(page);
    await eventually.match(() => edits(page).textContent(), /^1 edit of the model is active/);
    await eventually.equal(() => undo(page).or(redo(page)).count(), 0);
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await hasEdits(page, false);
    const entries = await page.evaluate(() => history.length);
    for (const [back, again] of [
      [() => undo(page).click(), () => redo(page).click()],
      [() => page.keyboard.press("Control+z"), () => page.keyboard.press("Control+y")],
      [() => page.keyboard.press("Meta+z"), () => page.keyboard.press("Meta+Shift+z")],
      [() => page.goBack(), () => page.goForward()],
    ]) {
      await eventually.deepEqual(async () => [await undo(page).isEnabled(), await redo(page).isEnabled()], [true, false]);
      await back();
      await hasEdits(page, true);
      await eventually.deepEqual(async () => [await undo(page).isEnabled(), await redo(page).isEnabled()], [false, true]);
      await again();
      await hasEdits(page, false);
    }
    await eventually.equal(() => edits(page).count(), 0);
    await eventually.equal(() => page.evaluate(() => history.length), entries);
  });

  onPage("undo keeps a text that was written since, and Ctrl+Z in a text field is the field's", withEdit, async (page) => {
    await isReady(page);
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.locator("#text").fill("xyxyxy");
    await page.keyboard.press("Control+z");
    await hasEdits(page, false);
    await page.locator("#text").fill("xyxyxyx");
    await page.locator("h1").click();
    await page.keyboard.press("Control+z");
    await hasEdits(page, true);
    await eventually.equal(() => page.locator("#text").inputValue(), "xyxyxyx");
  });

  onPage("typing adds no entry to the history, choosing a model does, and Back restores text and model", "#/explore", async (page) => {
    await page.locator(".example-text").first().waitFor();
    await page.locator("#text").fill("");
    const entries = await page.evaluate(() => history.length);
    await page.locator("#text").pressSequentially("abcabcabc");
    await page.waitForFunction(() => location.hash.includes("text=abcabcabc"));
    await eventually.equal(() => page.evaluate(() => history.length), entries);
    await page.locator(".model-picker select").selectOption("grammar");
    await page.locator(".example-text", { hasText: "the boys" }).waitFor();
    await page.waitForFunction(() => location.hash.includes("model=grammar&text=the+boys"));
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("#text").value === "abcabcabc");
    await page.locator(".example-text", { hasText: "qX7" }).waitFor();
    await page.goForward();
    await page.waitForFunction(() => document.querySelector("#text").value.startsWith("the boys"));
    await roomLink(page, "Masks").click();
    await page.waitForFunction(() => location.hash.startsWith("#/masks?v=2&model=grammar&text=the+boys"));
    await roomLink(page, "Explore").click();
    await page.waitForFunction(() => document.querySelector("#text")?.value.startsWith("the boys"));
  });

  const hostile = [
    "#/<img src=x onerror=alert(1)>",
    "#/layer?v=2&text=%3Cscript%3Ealert(1)%3C%2Fscript%3E&model=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
    `#/layer?v=2&edits=${"%5B".repeat(5000)}&head=self.-1.99999999`,
    "#/layer?v=2&edits=%5B%7B%22kind%22%3A%22ablate%22%2C%22part%22%3A%22__proto__%22%7D%5D&seed=1e999&dModel=-1&heads=NaN",
    "#/blocks?v=2&block=constructor&text=%00%E2%80%AE%F0%9F%91%A9%E2%80%8D%F0%9F%91%A9",
    "#/layer?v=999&text=x",
    "#/?%E0%A4%A",
  ];

  for (const hash of hostile) {
    onPage(`a hostile link does nothing: ${hash.slice(0, 50)}`, hash, async (page) => {
      page.on("dialog", () => assert.fail("a script of the link ran"));
      await isReady(page);
      await page.waitForSelector("main h1");
      await eventually.equal(() => page.locator("main img, .crash").count(), 0);
    });
  }
});
