import assert from "node:assert/strict";
import { seriousFindings } from "./axe.mjs";
import { describeRoom } from "./on-page.mjs";
import { settled } from "./open-page.mjs";
import { cellLabel, outsideElements, pixelsOf } from "./read-page.mjs";
import { savedFile } from "./saved-file.mjs";
import { eventually } from "./eventually.mjs";

const grammar = "model=grammar&text=the+boys+that+the+old+woman+sees&head=self.2.3";
const matrix = "#matrix .heat-map canvas";

/** The words about the effect once they are about the present mask. */
const effectWords = async (page) => {
  await settled(page);
  return page.textContent("#effect .effect-words");
};

/** Waits until the matrix has another picture than before. */
async function changed(page, change) {
  const before = await pixelsOf(page, matrix);
  await change();
  await settled(page);
  await eventually.notEqual(async () => (await pixelsOf(page, matrix)).print, before.print);
}

describeRoom("the room Masks", { hash: `#/masks?${grammar}`, picture: matrix, acceptDownloads: true }, (onPage) => {
  onPage("a causal mask is the model's own, and each preset has its own matrix", {}, async (page) => {
    await eventually.match(() => effectWords(page), /own mask, so nothing changes/);
    const prints = new Set([(await pixelsOf(page, matrix)).print]);
    for (const preset of ["BERT, padded", "Mistral window", "T5 / UL2 prefix", "Packed documents"]) {
      const button = page.getByRole("button", { name: preset });
      await changed(page, () => button.click());
      await eventually.equal(() => button.getAttribute("aria-pressed"), "true");
      prints.add((await pixelsOf(page, matrix)).print);
    }
    assert.equal(prints.size, 5);
  });

  onPage("the keyboard reads a pair with its reason, and pins it", {}, async (page) => {
    await page.focus("#matrix .grid-cell");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowRight");
    await eventually.equal(
      () => cellLabel(page),
      "“the” (0) → “boys” (1): hidden, because it comes 1 token later, and causal attention looks only back.",
    );
    await page.keyboard.press("Enter");
    await page.waitForFunction(() =>
      /query 0 may not attend to key 1: causal allows/.test(document.querySelector(".pinned-reason").textContent),
    );
    await eventually.match(() => page.url(), /cell=0-1/);
    await page.keyboard.press("Escape");
    await eventually.equal(() => page.locator(".pinned-reason").count(), 0);
  });

  onPage("a tooltip names every part that hides a pair", { hash: `#/masks?${grammar}&window=1-0&padding=1&documents=3` }, async (page) => {
    const plot = page.locator("#matrix .plot");
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    await page.mouse.move(box.x + (6.5 / 7) * box.width, box.y + (1.5 / 7) * box.height);
    const reasons = await page.locator(".tooltip .reasons li").allTextContents();
    assert.equal(reasons.length, 4);
    assert.match(reasons.join("; "), /later.*window reaches 0 ahead.*padding.*another document/);
  });

  onPage("a mask without causal lets the model see the future, and its loss changes", {}, async (page) => {
    await page.locator("label.switch", { hasText: "Causal" }).click();
    const words = await effectWords(page);
    assert.match(words, /The loss (rises|falls) from [\d.]+ to [\d.]+\..*(never saw a future|cheating)/);
    assert.match(words, /The likeliest token changes at \d+ of 7 positions/);
    await eventually.ok(async () => (await page.locator(".mask-predictions .differs").count()) > 0);
  });

  onPage("hiding what a head looks at is told as a share", { hash: `#/masks?${grammar}&window=1-0` }, async (page) => {
    await eventually.match(() => effectWords(page), /hides [\d.]+ % of what this head looked at/);
    const [own, other] = [
      await pixelsOf(page, "#effect figure:nth-of-type(1) canvas"),
      await pixelsOf(page, "#effect figure:nth-of-type(2) canvas"),
    ];
    assert.notEqual(own.print, other.print);
  });

  onPage("the blocks and the costs are those of the mask", {}, async (page) => {
    await eventually.match(
      () => page.textContent("#block-counts"),
      /4 blocks of 4 × 4: 1 skipped, 2 masked inside, 1 without a hidden pair\./,
    );
    await page.waitForSelector("#cost tbody tr:nth-child(6)");
    const rows = await page.$$eval("#cost tbody tr", (trs) => trs.map((tr) => [...tr.children].map((cell) => cell.textContent)));
    assert.deepEqual(rows[0].slice(0, 3), ["7", "28", "57.1 %"]);
    assert.deepEqual(rows.at(-1).slice(0, 3), ["16,384", "134,225,920", "50.0 %"]);
  });

  onPage(
    "the code can be copied, and makes the mask",
    { hash: `#/masks?${grammar}&prefix=2&padding=1`, permissions: ["clipboard-read", "clipboard-write"] },
    async (page) => {
      await page.click("#matrix .code button");
      const code = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(code, /masks\.and\(\n {2}masks\.prefixLM\(2\),\n {2}masks\.padding\(\{ lengths: \[6\] \}\),\n\)/);
    },
  );

  onPage("a link restores mask, blocks and pinned pair", {}, async (page) => {
    await page.getByRole("button", { name: "Packed documents" }).click();
    await page.locator("#cost .segment", { hasText: /^8$/ }).click();
    await page.focus("#matrix .grid-cell");
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Enter");
    await settled(page);
    await page.waitForFunction(() => location.hash.includes("cell=6-6"));
    const [picture, link] = [await pixelsOf(page, matrix), page.url()];
    const other = await page.context().newPage();
    await other.setViewportSize(page.viewportSize());
    await other.goto(link);
    await other.waitForSelector(matrix);
    await settled(other);
    await eventually.equal(async () => (await pixelsOf(other, matrix)).print, picture.print);
    await eventually.match(() => other.textContent(".pinned-reason"), /“sees” \(6\) looking at “sees” \(6\): visible/);
    await eventually.match(() => other.textContent("#block-counts"), /blocks of 8 × 8/);
  });

  onPage("the mask can be used in all rooms, and Back takes it away", {}, async (page) => {
    await page.getByRole("button", { name: "Mistral window" }).click();
    await settled(page);
    await page.getByRole("button", { name: "Use this mask in all rooms" }).click();
    await page.waitForFunction(() => location.hash.includes("edits="));
    await eventually.match(() => decodeURIComponent(page.url()), /"kind":"mask"/);
    await page.getByRole("button", { name: "Give the model its own mask back" }).click();
    await page.waitForFunction(() => !location.hash.includes("edits="));
  });

  onPage("a change of the mask is one step, which Undo and Back undo", {}, async (page) => {
    const entries = () => page.evaluate(() => history.length);
    const before = await entries();
    await page.getByRole("button", { name: "Mistral window" }).click();
    for (const typed of ["31", "312"]) await page.getByLabel("Back", { exact: true }).fill(typed);
    await page.waitForFunction(() => location.hash.includes("window=312-0"));
    await eventually.equal(() => entries(), before + 2);
    await page.locator("h1").click();
    for (const window of ["3-0", null]) {
      await page.keyboard.press("Control+z");
      await page.waitForFunction((wanted) => new URLSearchParams(location.hash.split("?")[1]).get("window") === wanted, window);
    }
    await eventually.equal(() => page.getByRole("button", { name: "GPT", exact: true }).getAttribute("aria-pressed"), "true");
    await page.keyboard.press("Control+y");
    await page.getByRole("button", { name: "Mistral window", pressed: true }).waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "GPT", exact: true, pressed: true }).waitFor();
  });

  onPage("documents are chosen by number or by token; anything else shows an error message", {}, async (page) => {
    await page.fill("#documents", "x");
    await eventually.match(() => page.textContent("#documents-failure"), /write positions from 1/);
    await changed(page, () => page.fill("#documents", "2, 5"));
    await eventually.equal(() => page.textContent("#documents-failure"), "");
    await eventually.equal(() => page.locator(".document-starts [aria-pressed=true]").count(), 2);
    await changed(page, () => page.locator(".document-starts button").first().click());
    await eventually.equal(() => page.inputValue("#documents"), "1, 2, 5");
  });

  onPage("a window of 0, a padding of everything and documents at the ends are masks too", {}, async (page) => {
    for (const hash of ["window=0-0", "padding=99", "documents=1.6.9999", "prefix=9999"]) {
      await page.evaluate((own) => (location.hash = `#/masks?${own}`), `${grammar}&${hash}`);
      await page.waitForFunction((own) => location.hash.includes(own), hash);
      await settled(page);
      await eventually.equal(() => page.textContent("#mask-failure"), "");
      await eventually.equal(() => page.textContent("#effect-failure"), "");
    }
    await page.evaluate((own) => (location.hash = `#/masks?${own}&causal=false&padding=99`), grammar);
    await page.waitForFunction(() => /may look at anything any more/.test(document.querySelector(".effect-words").textContent));
  });

  onPage("an empty text keeps the last matrix and says what is missing", {}, async (page) => {
    const before = await pixelsOf(page, matrix);
    await page.fill("textarea", "");
    await page.waitForFunction(() => /text/.test(document.querySelector(".workspace-bar .failure:not(:empty)")?.textContent ?? ""));
    await eventually.equal(async () => (await pixelsOf(page, matrix)).print, before.print);
    await page.fill("textarea", "the dogs");
    await page.waitForFunction(() => document.querySelector("#matrix [role=grid]").getAttribute("aria-rowcount") === "2");
  });

  onPage("a text of 5,000 tokens is cut and drawn in squares", { viewport: { width: 1280, height: 900 } }, async (page) => {
    await page.fill("textarea", "the dog ".repeat(2500));
    await page.waitForFunction(() => Number(document.querySelector("#matrix [role=grid]").getAttribute("aria-rowcount")) > 100, undefined, {
      timeout: 60_000,
    });
    await page.waitForFunction(() => /left out/.test(document.querySelector(".workspace-bar").textContent));
    await settled(page);
    await page.focus("#matrix .grid-cell");
    await page.keyboard.press("Control+End");
    await page.waitForFunction(() => /pairs are visible/.test(document.querySelector("#matrix .grid-cell").getAttribute("aria-label")));
  });

  const checks = {
    PNG: (content) => assert.equal(content.toString("latin1", 1, 4), "PNG"),
    SVG: (content) => assert.match(content.toString(), /^<svg[\s\S]*<\/svg>$/),
    JSON: (content) => assert.ok(JSON.parse(content.toString())),
    CSV: (content) => assert.match(content.toString(), /the/),
  };
  for (const [format, check] of Object.entries(checks)) {
    onPage(`matrix and effect are saved as ${format}`, { hash: `#/masks?${grammar}&causal=false` }, async (page) => {
      for (const panel of ["#matrix", "#effect"]) {
        const { name, content } = await savedFile(page, page.locator(`${panel} .export-menu`).first(), format);
        assert.match(name, new RegExp(`^mask.*\\.${format.toLowerCase()}$`));
        check(content);
      }
    });
  }

  for (const width of [320, 390, 1280, 2560]) {
    const options = { viewport: { width, height: 844 }, hash: `#/masks?${grammar}&documents=3&window=2-1&cell=4-0` };
    onPage(`nothing is wider than a screen of ${width} pixels`, options, async (page) => {
      await eventually.deepEqual(() => outsideElements(page), []);
    });
  }

  for (const colorScheme of ["light", "dark"]) {
    onPage(`axe finds nothing serious, ${colorScheme}`, { colorScheme }, async (page) => {
      await page.locator("#lessons .question-box summary").first().click();
      await eventually.deepEqual(() => seriousFindings(page), []);
    });
  }
});
