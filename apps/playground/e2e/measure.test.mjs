import assert from "node:assert/strict";
import { describeRoom } from "./on-page.mjs";
import { outsideElements } from "./read-page.mjs";
import { savedFile } from "./saved-file.mjs";
import { eventually } from "./eventually.mjs";

const patience = { timeout: 60_000 };
const room = { hash: "#/measure", picture: "#machine" };

const start = (page) => page.getByRole("button", { name: "Measure this machine" }).click();

/** Measures everything and waits for the end. */
async function measure(page) {
  await start(page);
  await page.getByRole("button", { name: "Measure again" }).waitFor(patience);
  await page.waitForSelector("#generation .tensor-facts", patience);
}

/** A saved file of the figures. */
async function saved(page, format) {
  const { content } = await savedFile(page, page.locator(".controls .export-menu"), format);
  return content.toString();
}

const rowsOf = (page, label) => page.locator(`[aria-label="${label}"] tbody tr`);

/** Checks that the page tells the figures of attention with some threads, of products and of writing. */
async function showsFigures(page, threads) {
  const title = `Attention with ${threads === "1" ? "1 thread" : `${threads} threads`}`;
  await eventually.ok(async () => (await rowsOf(page, title).count()) >= 4);
  await eventually.match(() => rowsOf(page, title).first().textContent(), /64.*ms.*runs/);
  await eventually.match(() => rowsOf(page, "Products of square matrices").first().textContent(), /128 × 128.*GFLOP\/s.*ms/);
  await eventually.match(() => page.textContent("#generation .tensor-facts"), /tokens per second/);
}

describeRoom("the room that measures", room, (onPage) => {
  onPage("measures attention, products and writing, and keeps the figures while the reader is in another room", {}, async (page) => {
    await measure(page);
    await page.click('a[href*="#/blocks"]');
    await page.waitForSelector("#encoding, .panel svg");
    await page.click('a[href*="#/measure"]');
    await page.waitForSelector("#products");
    await showsFigures(page, await page.getAttribute(".chip-details summary", "data-threads"));
    await showsFigures(page, "1");
  });

  onPage("saves and copies the figures", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await measure(page);
    const { all, single, generation, ...machine } = JSON.parse(await saved(page, "JSON"));
    assert.equal(machine.version, 1);
    assert.ok(all.info.threads.got > 1 && single.info.threads.got === 1);
    for (const { attention, products } of [all, single]) {
      assert.ok(attention.length >= 4 && products.length >= 2);
      for (const { length, composed, fused, difference } of attention) {
        if (composed) assert.ok(composed.peakBytes > 4 * 4 * length * length, "composed attention holds the scores");
        if (fused) assert.ok(fused.time.median > 0 && fused.time.least <= fused.time.median && fused.time.runs >= 3);
        if (difference !== null) assert.ok(difference > 0 && difference < 1e-4);
      }
    }
    const [short, long] = [64, 512].map((length) => all.attention.find((point) => point.length === length));
    assert.ok(long.composed.peakBytes / short.composed.peakBytes > 30, "memory grows with the square of the length");
    assert.ok(long.fused.peakBytes / short.fused.peakBytes < 10, "memory of the fused kernel does not");
    assert.ok(generation.tokensPerSecond > 1);

    const csv = await saved(page, "CSV");
    assert.match(csv, /^what,size,threads,median,unit,least,most,runs\r\n/);
    assert.match(csv, /composed attention,"\[1, 4, 64, 64\] float32",\d,[\d.e-]+,ms,/);
    await page.getByRole("button", { name: "Copy figures as text" }).click();
    await page.waitForSelector("text=Figures copied");
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /fused attention, \[1, 4, 512, 64\] float32, 1 thread: [\d.]+ ms \([\d.]+–[\d.]+ ms, \d+ runs\)/);

    const { content: svg } = await savedFile(page, page.locator(".saved-plot .export-menu").first(), "SVG");
    assert.match(svg.toString(), /^<svg .*composed, ms/s);

    await page.click("text=Twice the text");
    await eventually.match(() => page.textContent(".question-answer"), /n = \d+ the scores of 4 heads alone are .* MB/);
  });

  onPage("a measurement can be cancelled, and another one started", {}, async (page) => {
    await start(page);
    await page.waitForSelector("text=/Attention over \\d+ tokens/");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Measure this machine" }).waitFor(patience);
    await eventually.equal(() => page.textContent("#measure-failure"), "");
    await eventually.equal(() => page.locator("#attention-cost").count(), 0);
    await start(page);
    await page.waitForSelector("#attention-cost", patience);
  });

  for (const width of [320, 390]) {
    onPage(`nothing is wider than a screen of ${width} pixels`, { viewport: { width, height: 800 } }, async (page) => {
      await measure(page);
      await eventually.deepEqual(() => outsideElements(page), []);
      await eventually.equal(() => page.evaluate(() => document.documentElement.scrollWidth), width);
    });
  }
});

describeRoom(
  "the room that measures, without threads",
  room,
  (onPage) => {
    onPage("says how to get threads, and measures one", {}, async (page) => {
      await eventually.match(() => page.textContent("#machine"), /Open the page over https, in a tab of its own/);
      await measure(page);
      await eventually.equal(() => page.locator("#attention-cost .table-scroll").count(), 1);
      await showsFigures(page, "1");
    });
  },
  {},
);
