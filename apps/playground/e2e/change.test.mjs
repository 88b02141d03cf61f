import assert from "node:assert/strict";
import { seriousFindings } from "./axe.mjs";
import { killWorker } from "./kill-worker.mjs";
import { describeRoom } from "./on-page.mjs";
import { openMenu, savedFiles } from "./saved-file.mjs";
import { settled } from "./open-page.mjs";
import { outsideElements } from "./read-page.mjs";
import { eventually } from "./eventually.mjs";

const repeated = "qX7mBe+ZkT2wqX7mBe+ZkT2wqX7";
const linkTo = (parameters) => `#/change?${new URLSearchParams({ v: "2", ...parameters })}`;
const inductionLink = linkTo({ model: "induction", text: repeated });

const sentences = (page) => page.locator(".edit-sentence").allTextContents();
const effectCell = (page, name) => page.locator("#effects .value-grid").getByRole("button", { name: new RegExp(`^${name}: `) });

/** The mean loss before and after, once the page shows a number of edits. */
async function losses(page, edits) {
  await page.waitForFunction((count) => document.querySelectorAll(".edit-chip").length === count, edits, { timeout: 10_000 });
  await page.waitForTimeout(300); // the comparison waits for a pause
  await settled(page);
  const [before, after = before] = (await page.locator("#compare .loss-change strong").allTextContents()).map(Number);
  return { before, after };
}

async function add(page, button = "Add the change") {
  await page.getByRole("button", { name: button, exact: true }).click();
}

/** Presses the next Cancel button as soon as it is there: on a fast machine the work is soon done. */
const cancelAtOnce = (page, within) =>
  page.evaluate((selector) => {
    const observer = new MutationObserver(() => {
      const button = [...document.querySelectorAll(`${selector} button`)].find(({ textContent }) => textContent === "Cancel");
      if (button === undefined) return;
      observer.disconnect();
      button.click();
    });
    observer.observe(document.body, { childList: true, subtree: true });
  }, within);

describeRoom("the room “Change it”", { hash: inductionLink, picture: "#compare .loss-token" }, (onPage) => {
  onPage("without L0·H0 the repetition is lost, and Back brings it back", {}, async (page) => {
    await effectCell(page, "L0·H0").click();
    const { before, after } = await losses(page, 1);
    assert.ok(after > before + 1.5, `${before} → ${after}`);
    await eventually.deepEqual(() => sentences(page), ["L0·H0 switched off (replaced by zero)"]);
    await eventually.match(() => page.textContent(".change-summary"), /likeliest token is another at \d+ of 27 positions/);
    await page.goBack();
    const restored = await losses(page, 0);
    assert.equal(restored.after, restored.before);
    await page.goForward();
    await eventually.equal(async () => (await losses(page, 1)).after, after);
  });

  onPage("files of a difference call its numbers changes", { hash: `${inductionLink}&head=self.1.0` }, async (page) => {
    await effectCell(page, "L0·H0").click();
    const figure = page.locator("#head figure", { hasText: "after − before" });
    const files = await savedFiles(page, figure.locator(".export-menu"));
    assert.match(files.CSV, /^row,column,query,key,change of the weight\r\n/);
    assert.equal(JSON.parse(files.JSON).unit, "change of the weight");
  });

  onPage("on a phone the menu of the effects stays on the page", { viewport: { width: 320, height: 800 } }, async (page) => {
    const menu = page.locator("#effects .export-menu");
    await openMenu(menu);
    await eventually.ok(async () => (await menu.locator(".export-choices").boundingBox()).x >= 0);
  });

  onPage("one induction head is not needed, all four are", {}, async (page) => {
    await effectCell(page, "L1·H0").click();
    const one = await losses(page, 1);
    assert.ok(Math.abs(one.after - one.before) < 0.1);
    for (const head of [1, 2, 3]) await effectCell(page, `L1·H${head}`).click();
    const all = await losses(page, 1);
    assert.ok(all.after > all.before + 3, `${all.before} → ${all.after}`);
    await eventually.deepEqual(() => sentences(page), ["All heads of L1 switched off (replaced by zero)"]);
  });

  onPage("switched-off heads are compared with as many random ones", {}, async (page) => {
    const compared = (words) => page.locator(".random-heads", { hasText: words }).waitFor();
    await effectCell(page, "L1·H0").click();
    await compared(/switching off 1 other head of the same layer, drawn at random, .* ± .*all 3 such sets/);
    await effectCell(page, "L0·H0").click();
    await compared(/switching off 2 other heads of the same layers, drawn at random, .* ± .*8 draws/);
    for (const head of [1, 2, 3]) await effectCell(page, `L1·H${head}`).click();
    await compared(/the model does not have 5 other heads/);
    await effectCell(page, "L0·H0").click();
    await compared(/switching off the only 4 other heads of the model changes the mean loss by \+[\d.]+\./);
  });

  onPage("every head has its measured effect beside its null, and the table sorts", {}, async (page) => {
    await page.waitForFunction(() => /induction/.test(document.querySelector(".effect-table")?.textContent ?? ""));
    const names = () => page.locator(".effect-table tbody th").allTextContents();
    await eventually.equal(async () => (await names()).length, 8);
    await eventually.equal(async () => (await names())[0], "L0·H0");
    await eventually.match(
      () => page.textContent(".effect-readings"),
      /A head drawn at random changes it by \+0\.467 \(standard deviation 0\.645, 8 heads\)/,
    );
    await page.getByRole("button", { name: /^Head/ }).click();
    await eventually.deepEqual(() => names(), ["L0·H0", "L0·H1", "L0·H2", "L0·H3", "L1·H0", "L1·H1", "L1·H2", "L1·H3"]);
    await page.getByRole("button", { name: /^Adds directly/ }).click();
    await eventually.equal(async () => (await names())[0], "L1·H0"); // it writes the right token, and is not needed
    await eventually.equal(() => page.locator(".effect-scatter .head-dot").count(), 8);
  });

  onPage("with the changes, the heads that are left count", {}, async (page) => {
    await page.goto(
      page.url().replace(
        /#.*/,
        linkTo({
          model: "induction",
          text: repeated,
          effects: "edited",
          edits: JSON.stringify([{ kind: "ablate", part: "layers.1.attention", heads: [0, 1, 2], by: "zero" }]),
        }),
      ),
    );
    await page.waitForFunction(
      () => Number(/loss \+([\d.]+)/.exec(document.querySelector("#effects [aria-label^='L1·H3: ']")?.ariaLabel ?? "")?.[1]) > 1.5,
      undefined,
      { timeout: 15_000 },
    );
  });

  onPage("the stream at one token brings the repetition back", {}, async (page) => {
    await page.getByRole("button", { name: "Bring a repetition back" }).click();
    const cell = page.getByRole("button", { name: /^before L1, “\S+” \(8\): brings back \.9\d/ });
    await cell.click({ timeout: 15_000 });
    await losses(page, 1);
    await eventually.deepEqual(() => sentences(page), ["The stream after L0 taken from the text “qX7mBe+ZkT2wqX7mBe+Z” at position 8"]);
    await page.locator(".loss-token").last().click();
    await eventually.match(() => page.locator(".before-after section").last().textContent(), /^Afterk/);
    await eventually.match(() => page.url(), /other=qX7mBe/);
  });

  onPage("texts of different lengths are refused with both lengths", {}, async (page) => {
    await page.getByLabel("The other text").fill("qX7");
    await page.getByRole("button", { name: "Put the values in" }).click();
    await page.getByText("The other text has 3 tokens and your text has 27.").waitFor();
    await page.getByLabel("Add a change").selectOption({ label: "Freeze attention" });
    await add(page);
    await page.getByText("Write the text to take the values from.").waitFor();
    await page.locator("#edit-from").fill("qX7");
    await add(page);
    await page.locator("#edits-failure", { hasText: "“qX7” has 3 tokens and your text has 27." }).waitFor();
    await eventually.equal(() => page.getByLabel("Text", { exact: true }).inputValue(), repeated);
  });

  onPage("everything can be done with the keyboard", {}, async (page) => {
    await page.getByLabel("Add a change").focus();
    for (const key of ["Tab", "Tab"]) await page.keyboard.press(key); // past the term “ablation”; the grid of heads is one stop
    for (const key of ["ArrowDown", "ArrowRight", "Space"]) await page.keyboard.press(key);
    await eventually.equal(() => page.evaluate(() => document.activeElement.ariaLabel), "L1·H1");
    for (const key of ["Tab", "ArrowRight", "Tab"]) await page.keyboard.press(key); // by its mean, then the button
    await page.keyboard.press("Enter");
    await losses(page, 1);
    await eventually.deepEqual(() => sentences(page), ["L1·H1 switched off (replaced by the mean over this text)"]);
    await effectCell(page, "L0·H0").focus();
    for (const key of ["ArrowRight", "ArrowRight", "Enter"]) await page.keyboard.press(key);
    await losses(page, 2);
    await page.getByRole("button", { name: "Earlier: L0·H2 switched off (replaced by zero)" }).press("Enter");
    await eventually.deepEqual(async () => (await sentences(page)).map((each) => each.slice(0, 5)), ["L0·H2", "L1·H1"]);
    await page.getByRole("button", { name: "Remove: L0·H2 switched off (replaced by zero)" }).press("Enter");
    await losses(page, 1);
    await page.locator(".loss-token[aria-pressed=true]").press("Home");
    await eventually.match(() => page.textContent(".position-detail"), /After “q” \(0\)/);
  });

  onPage("edits are changed in the form and by their sliders", {}, async (page) => {
    await page.getByLabel("Add a change").selectOption({ label: "Turn heads down" });
    await page.locator(".head-picker").getByRole("button", { name: "L0·H0" }).click();
    await add(page);
    const half = await losses(page, 1);
    const slider = page.locator(".edit-chip input[type=range]");
    await slider.fill("0");
    await page.getByText("L0·H0 turned to 0 %").waitFor();
    const none = await losses(page, 1);
    assert.ok(none.after > half.after);
    await page.getByRole("button", { name: /^Change: / }).click();
    await page.getByLabel("Change it to").selectOption({ label: "Steer by the difference of two texts" });
    await page.locator("#edit-toward").fill("abc");
    await page.locator("#edit-away").fill("XYZ");
    await add(page, "Save the change");
    await page.getByText("After L0 pushed toward “abc” and away from “XYZ”, strength 1.00").waitFor();
    const steered = await losses(page, 1);
    assert.notEqual(steered.after, steered.before);
  });

  onPage(
    "a link restores changes, head, texts and what is measured",
    {
      hash: linkTo({
        model: "grammar",
        text: "the dogs that the girl sees run .",
        head: "self.2.1",
        edits: JSON.stringify([{ kind: "ablate", part: "layers.2.attention", heads: [3], by: "mean" }]),
        other: "the dog that the girls see runs .",
        by: "position",
        right: "runs",
      }),
    },
    async (page) => {
      await eventually.deepEqual(() => sentences(page), ["L2·H3 switched off (replaced by the mean over this text)"]);
      await page.getByText("L2·H1, after − before").or(page.getByText("L2·H1 looks where it looked before.")).first().waitFor();
      await eventually.equal(() => page.locator("#patch-other").inputValue(), "the dog that the girls see runs .");
      await eventually.equal(() => page.getByLabel("It should say").inputValue(), "runs");
      await eventually.equal(() => page.getByRole("radio", { name: "The stream at each token" }).isChecked(), true);
    },
  );

  onPage(
    "an encoder-decoder answers differently without its heads",
    { hash: linkTo({ model: "copy", text: "badcafe=", answer: "badcafe" }) },
    async (page) => {
      await effectCell(page, "decoder L0·H2").click({ timeout: 15_000 });
      await losses(page, 1);
      await page.waitForFunction(() => document.querySelectorAll(".written-pair .other").length > 0);
      await eventually.match(() => page.textContent(".written-pair"), /^Beforebadcafe/);
      const before = page.locator(".written-pair .export-menu").first();
      const { TXT, JSON: json } = await savedFiles(page, before, ["TXT", "JSON"]);
      assert.match(TXT, /^badcafe/);
      assert.deepEqual([JSON.parse(json).written, JSON.parse(json).edits], [TXT, []]);
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await openMenu(before);
      await before.getByRole("button", { name: "Copy text" }).click();
      await page.waitForSelector("text=Text copied");
      await eventually.equal(() => page.evaluate(() => navigator.clipboard.readText()), TXT);
      await page.setViewportSize({ width: 320, height: 800 });
      await eventually.ok(async () => (await before.locator(".export-choices").boundingBox()).x >= 0);
    },
  );

  onPage(
    "on a long text the heads are measured on demand, and the reader can cancel",
    {
      hash: linkTo({ model: "grammar", text: Array.from({ length: 120 }, () => "the dogs near the old tree run .").join(" ") }),
    },
    async (page) => {
      await eventually.equal(() => page.locator(".effect-table").count(), 0);
      await cancelAtOnce(page, "#effects");
      await page.getByRole("button", { name: "Measure 12 heads" }).click();
      await page.getByText("Switching off heads: cancelled.").waitFor();
      await page.locator("#effects").getByRole("button", { name: "Try again" }).click();
      await page.locator(".effect-table").waitFor({ timeout: 120_000 });
      await effectCell(page, "L2·H3").click();
      await cancelAtOnce(page, "#compare");
      await page.getByRole("button", { name: "Compare with random heads" }).click({ timeout: 20_000 });
      await page.getByText("Switching off random heads: cancelled.").waitFor();
      await page.locator("#compare").getByRole("button", { name: "Try again" }).click();
      await page.getByText("switching off 1 other head of the same layer, drawn at random").waitFor({ timeout: 60_000 });
      await page.getByText("This was measured before your last change.").waitFor({ state: "detached" }); // the model as it is has not changed
      await page.getByRole("button", { name: "Show all 960" }).click({ timeout: 20_000 });
      await eventually.equal(() => page.locator(".change-table tbody tr").count(), 960);
    },
  );

  onPage("bad texts show an error message, and the room still works", {}, async (page) => {
    await effectCell(page, "L0·H0").click();
    await losses(page, 1);
    const text = page.getByLabel("Text", { exact: true });
    for (const bad of ["", "ein Wört 😀", "<script>alert(1)</script>"]) {
      await text.fill(bad);
      await page.waitForFunction(() => document.querySelector("#reading-failure")?.textContent.length > 10, undefined, { timeout: 10_000 });
    }
    await text.fill(repeated);
    await page.waitForFunction(() => document.querySelector("#reading-failure") === null);
    await eventually.equal(async () => (await sentences(page)).length, 1);
  });

  onPage("the room keeps its changes when its worker is lost", {}, async (page) => {
    await effectCell(page, "L0·H0").click();
    const { after } = await losses(page, 1);
    await killWorker(page);
    await effectCell(page, "L1·H0").click();
    await page.waitForFunction((old) => document.querySelectorAll("#compare .loss-change strong")[1]?.textContent !== old, String(after), {
      timeout: 30_000,
    });
    await eventually.equal(async () => (await sentences(page)).length, 2);
  });

  onPage("another model starts without the changes of the last one", {}, async (page) => {
    await effectCell(page, "L0·H0").click();
    await losses(page, 1);
    await page.locator(".head-picker").getByRole("button", { name: "L1·H3" }).click();
    await page.locator(".model-picker select").selectOption("grammar");
    await page
      .locator("#effects")
      .getByRole("button", { name: /^L2·H3: / })
      .waitFor({ timeout: 20_000 });
    await eventually.equal(async () => (await losses(page, 0)).before > 0, true);
    await eventually.equal(() => page.locator(".head-picker [aria-pressed=true]").count(), 0);
  });

  for (const colorScheme of ["light", "dark"]) {
    onPage(`axe finds nothing serious with changes, maps and patches, ${colorScheme}`, { colorScheme }, async (page) => {
      await page.getByRole("button", { name: "Bring a repetition back" }).click();
      await page.getByRole("button", { name: /^before L1, “\S+” \(8\)/ }).click({ timeout: 15_000 });
      await losses(page, 1);
      await page.locator(".effect-table").waitFor();
      await eventually.deepEqual(() => seriousFindings(page), []);
    });
  }

  for (const width of [320, 390]) {
    onPage(`nothing is wider than a screen of ${width} pixels`, { viewport: { width, height: 844 } }, async (page) => {
      await effectCell(page, "L0·H0").click();
      await losses(page, 1);
      const wide = await outsideElements(page, ".change-controls, .change-panels");
      assert.deepEqual(wide, []);
      await eventually.equal(() => page.evaluate(() => document.documentElement.scrollWidth), width);
    });
  }
});
