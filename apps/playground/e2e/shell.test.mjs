import assert from "node:assert/strict";
import { seriousFindings } from "./axe.mjs";
import { computeWorker } from "./kill-worker.mjs";
import { describeFrame, isQuiet, isReady, noticeWith } from "./on-frame.mjs";
import { crowdedPanels, outsideElements } from "./read-page.mjs";
import { eventually } from "./eventually.mjs";

describeFrame("the frame of the rooms", (onPage) => {
  const roomHashes = async (page) =>
    (await page.locator(".page-nav a").evaluateAll((links) => links.map((each) => each.getAttribute("href")))).map(
      (href) => href.split("?")[0],
    );

  for (const width of [320, 390, 768, 1024, 1920, 2560]) {
    const screen = { viewport: { width, height: 800 } };
    onPage(
      `no room is wider than a screen of ${width} pixels, and no panel lies on another`,
      "#/layer?of=play",
      async (page) => {
        await isReady(page);
        for (const hash of await roomHashes(page)) {
          await page.evaluate((next) => (location.hash = next), hash);
          await page.waitForSelector("main h1");
          await isQuiet(page);
          await eventually.ok(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${hash} scrolls sideways`);
          await eventually.deepEqual(() => crowdedPanels(page), [], hash);
          if (width <= 390) await eventually.deepEqual(() => outsideElements(page), [], hash);
        }
      },
      screen,
    );
  }

  onPage(
    "all rooms can be reached on a narrow screen, and the present one is in view",
    "#/layer?of=play",
    async (page) => {
      await isReady(page);
      for (const each of await page.locator(".page-nav a").all()) {
        const title = await each.textContent();
        await each.click();
        await page.waitForFunction((name) => document.title.startsWith(name), title);
        const box = await page.locator(".page-nav [aria-current]").boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= 320, `${title} is out of view`);
      }
    },
    { viewport: { width: 320, height: 700 } },
  );

  onPage("the page can be used with the keyboard alone", "#/layer?of=play", async (page) => {
    await isReady(page);
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    await page.keyboard.press("Tab");
    await eventually.equal(() => focused(), "Skip to content");
    await page.keyboard.press("Enter");
    await eventually.equal(() => page.evaluate(() => document.activeElement?.id), "main");
    await page.locator(".brand").click();
    await page.keyboard.press("Tab");
    while ((await focused()) !== "Building blocks") await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    while ((await focused()) !== "Glossary") await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Glossary" });
    await dialog.waitFor();
    await dialog.getByLabel("Find a word").fill("softmax");
    await eventually.match(() => dialog.textContent(), /softmaxTurns scores into weights/);
    await page.keyboard.press("Escape"); // clears the field
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await eventually.equal(() => focused(), "Glossary");
  });

  onPage("a word of the glossary is explained on hover, focus and tap, and Esc closes that", "#/layer?of=play", async (page) => {
    await isReady(page);
    await page.click(".chip-details summary");
    const word = page.getByRole("button", { name: "SIMD" });
    const box = page.getByRole("tooltip");
    await word.hover();
    await eventually.match(() => box.textContent(), /^SIMD.*several numbers at once/);
    await page.keyboard.press("Escape");
    await box.waitFor({ state: "detached" });
    await page.mouse.move(5, 500);
    await word.focus();
    await box.waitFor();
    await eventually.equal(() => word.evaluate((each) => document.getElementById(each.getAttribute("aria-describedby"))?.role), "tooltip");
    await page.waitForTimeout(500); // a press right after the focus belongs to it
    await page.keyboard.press("Enter");
    await box.waitFor({ state: "detached" });
    await page.keyboard.press("Space");
    await box.waitFor();
    await page.keyboard.press("Tab");
    await page.waitForFunction(() => !document.querySelector(".term-box")?.textContent.startsWith("SIMD"));
  });

  onPage(
    "a tap opens a word and a tap elsewhere closes it",
    "#/layer?of=play",
    async (page) => {
      await isReady(page);
      await page.tap(".chip-details summary");
      await page.getByRole("button", { name: "Threads" }).tap();
      const box = page.getByRole("tooltip");
      const { x, width } = await box.boundingBox();
      assert.ok(x >= 0 && x + width <= 390);
      await page.tap(".brand");
      await box.waitFor({ state: "detached" });
    },
    { viewport: { width: 390, height: 800 }, hasTouch: true },
  );

  onPage(
    "a tapped box scrolls its panel into view on a phone",
    "#/layer?of=play",
    async (page) => {
      await isReady(page);
      await page.waitForSelector("#box");
      await page.locator(".diagram [role=button], .diagram button").first().tap();
      await page.waitForFunction(() => document.querySelector("#box").getBoundingClientRect().top < innerHeight - 100);
    },
    { viewport: { width: 390, height: 800 }, hasTouch: true },
  );

  for (const colorScheme of ["light", "dark"]) {
    onPage(
      `axe finds nothing serious in any room, ${colorScheme}`,
      "#/layer?of=play",
      async (page) => {
        await isReady(page);
        for (const hash of await roomHashes(page)) {
          await page.evaluate((next) => (location.hash = next), hash);
          await page.waitForSelector("main h1");
          await isQuiet(page);
          await page.waitForTimeout(500); // panels fade in
          await eventually.deepEqual(() => seriousFindings(page), [], hash);
        }
      },
      { colorScheme },
    );
  }

  onPage("an embedded page has no head and no controls, and leads to the whole one", "#/layer?v=2&of=play&seed=3&embed=1", async (page) => {
    await page.waitForSelector("#box");
    await eventually.equal(() => page.locator(".page-head").count(), 0);
    await eventually.equal(() => page.locator(".controls").isVisible(), false);
    const [whole] = await Promise.all([page.waitForEvent("popup"), page.getByRole("link", { name: /Open this/ }).click()]);
    await whole.waitForSelector(".page-head");
    await eventually.match(() => whole.url(), /seed=3(?!.*embed)/);
  });

  onPage("a room that throws says so, offers a report without the reader's text, and can be tried again", "#/blocks", async (page) => {
    await isReady(page);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate(() => {
      const create = document.createElementNS.bind(document);
      globalThis.mend = () => (document.createElementNS = create);
      document.createElementNS = (space, name, ...rest) => {
        if (name === "form") throw new Error('nothing fits "my secret"');
        return create(space, name, ...rest);
      };
    });
    await page.evaluate(() => (location.hash = "#/layer?v=2&of=play&text=my+secret&seed=4"));
    await page.getByRole("heading", { name: "This room has stopped" }).waitFor();
    await eventually.match(() => page.textContent(".crash"), /Your text, your edits and trained models are kept/);
    const report = async () => {
      await page.getByRole("button", { name: "Copy a report" }).click();
      await page.locator(".toast", { hasText: "Report copied" }).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const short = await report();
    assert.match(short, /link: #\/layer .*seed=4/);
    assert.match(short, /error: nothing fits “…”[^]*backend: wasm · [^]*browser: Mozilla/);
    assert.doesNotMatch(short, /secret/);
    await page.getByLabel("with my text").check();
    await eventually.match(() => report(), /text=my\+secret[^]*nothing fits "my secret"/);
    await page.evaluate(() => globalThis.mend());
    await page.getByRole("button", { name: "Try again" }).click();
    await page.waitForSelector("#box");
    await eventually.match(() => page.url(), /text=my\+secret/);
  });

  onPage("an error that nothing catches is shown and can be closed", "#/layer?of=play", async (page, problems) => {
    await isReady(page);
    await page.evaluate(() => void setTimeout(() => Promise.reject(new Error("a surprise"))));
    await noticeWith(page, "Something went wrong.");
    await eventually.match(() => page.textContent(".notice"), /a surprise/);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.waitForFunction(() => document.querySelector(".notice") === null);
    await computeWorker(page).evaluate(() => void setTimeout(() => Promise.reject(new Error("a surprise of the worker"))));
    await noticeWith(page, "a surprise of the worker");
    assert.deepEqual(problems.splice(0), ["page error: a surprise"]);
  });
});
