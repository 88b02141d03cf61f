import assert from "node:assert/strict";
import { describeRoom } from "./on-page.mjs";
import { settled } from "./open-page.mjs";
import { cellLabel, choose, outsideElements, pixelsOf, pointOf, watchFrames, weightsOfRow } from "./read-page.mjs";
import { isolation } from "./serve.mjs";

const settings = [
  { name: "with threads", headers: isolation, isolated: "true" },
  { name: "without the headers", headers: {}, isolated: "false" },
];
const largeMap = ".heat-map.large canvas";

for (const { name, headers, isolated } of settings) {
  const declare = (onPage) => {
    onPage("starts the backend and describes it", {}, async (page) => {
      const chip = page.locator(".chip-details summary");
      assert.match(await chip.textContent(), /wasm · SIMD/);
      const processors = await page.evaluate(() => navigator.hardwareConcurrency);
      const threads = isolated === "true" ? Math.min(8, processors) : 1;
      assert.deepEqual([await chip.getAttribute("data-threads"), await chip.getAttribute("data-isolated")], [String(threads), isolated]);
      await chip.click();
      const card = await page.textContent("#backend-card");
      assert.match(card, /tfblocks: \d+ replaced/);
      if (threads > 1) assert.match(card, /\d threads: the page is cross-origin isolated/);
      else assert.match(card, /1 thread: |One thread: /);
      if (isolated === "false") assert.match(card, /not cross-origin isolated; serve it with the headers Cross-Origin-Opener-Policy/);
    });

    onPage("draws a map for every head, and every row of weights sums to 1", {}, async (page) => {
      assert.equal(await page.locator(".heat-map.small canvas").count(), 4);
      for (let head = 0; head < 4; head++) {
        const { colours } = await pixelsOf(page, `.thumbnail:nth-child(${head + 1}) canvas`);
        assert.ok(colours > 20, `head ${head} shows ${colours} colours`);
      }
      assert.equal(await page.locator(".check[data-passed=true]").count(), 3);
      await page.focus(".grid-cell");
      for (const row of [0, 1]) {
        const weights = await weightsOfRow(page);
        const sum = weights.reduce((total, weight) => total + weight, 0);
        assert.ok(Math.abs(sum - 1) < 0.005, `row ${row} sums to ${sum}`);
        await page.keyboard.press("ArrowDown");
      }
    });

    onPage("a causal mask changes the picture and explains why a cell is masked", {}, async (page) => {
      const open = await pixelsOf(page, largeMap);
      await choose(page, "Order", "Causal");
      await settled(page);
      const causal = await pixelsOf(page, largeMap);
      assert.notEqual(causal.print, open.print);
      await page.focus(".grid-cell");
      await page.keyboard.press("Control+Home");
      const [first, ...rest] = await weightsOfRow(page);
      assert.deepEqual([first, ...new Set(rest)], [1, 0]);
      const place = await pointOf(page, 2, 6);
      await page.mouse.move(place.x, place.y);
      await page.waitForFunction(() =>
        /masked: query 2 may not attend to key 6: causal allows keys 0 to 2/.test(document.querySelector(".tooltip")?.textContent ?? ""),
      );
    });

    onPage("pointing at a cell reads it, a click pins it, Escape and × unpin it", { hash: "#/attention?v=1&pin=none" }, async (page) => {
      assert.match(await page.textContent("#origin"), /No cell is pinned/);
      const place = await pointOf(page, 1, 3);
      await page.mouse.move(place.x, place.y);
      const tooltip = await page.textContent(".tooltip");
      assert.match(tooltip, /“cat” \(1\) → “on” \(3\).*rank \d+ of 10.*raw .*scaled /);
      await page.mouse.click(place.x, place.y);
      assert.match(await page.textContent(".origin-title"), /“cat” \(1\) → “on” \(3\) in head 0/);
      assert.match(page.url(), /pin=1-3|v=1$/);
      await page.mouse.move(5, 5);
      await page.waitForSelector(".tooltip", { state: "detached" });
      assert.equal(await page.locator(".heat-map.large .pin-ring").count(), 1);
      await page.click("[aria-label='Unpin the cell']");
      assert.match(await page.textContent("#origin"), /No cell is pinned/);
      await page.focus(".grid-cell");
      await page.keyboard.press("Enter");
      assert.equal(await page.locator(".heat-map.large .pin-ring").count(), 1);
      await page.keyboard.press("Escape");
      assert.equal(await page.locator(".pin-ring").count(), 0);
    });

    onPage("the steps of a pinned cell match its vectors", { hash: "#/attention?v=1&pin=7-1&head=1" }, async (page) => {
      await page.click("#origin summary");
      const rows = await page.$$eval("#origin tbody tr", (trs) =>
        trs.map((tr) => [...tr.querySelectorAll("td")].map((td) => Number(td.textContent.replaceAll("−", "-")))),
      );
      assert.equal(rows.length, 16);
      const dot = rows.reduce((sum, [q, k]) => sum + q * k, 0);
      const [raw, scaled] = await page.$$eval(".step-result", (steps) => steps.map((step) => Number(step.textContent.replace("−", "-"))));
      assert.ok(Math.abs(dot - raw) < 0.03, `${dot} and ${raw}`);
      assert.ok(Math.abs(raw / 4 - scaled) < 0.005 * Math.max(1, Math.abs(raw)), `${raw} / 4 and ${scaled}`);
    });

    onPage("the keyboard reaches every cell and head with one tab stop", { hash: "#/attention?v=1&pin=none" }, async (page) => {
      assert.equal(await page.locator("[role=grid] [tabindex='0']").count(), 1);
      await page.focus(".grid-cell");
      await page.keyboard.press("Control+End");
      assert.match(await cellLabel(page), /head 0: “tired” \(9\) to “tired” \(9\)/);
      await page.keyboard.press("PageDown");
      assert.match(await cellLabel(page), /^head 1/);
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowUp");
      assert.match(await cellLabel(page), /head 1: “was” \(8\) to “The” \(0\)/);
      assert.match(await page.textContent("[aria-live=polite]"), /^head 1: “was” \(8\) to “The” \(0\): weight .*Strongest: /);
      assert.equal(await page.textContent("#close-up h2"), "Head 1, step by step");
    });

    onPage("every stage has its own picture and scale", {}, async (page) => {
      const prints = new Set();
      for (const stage of ["1 Raw", "3 Masked", "4 Softmax"]) {
        await choose(page, "Stage", stage);
        prints.add((await pixelsOf(page, largeMap)).print);
        const ticks = await page.locator("#close-up .legend-ticks").textContent();
        if (stage === "4 Softmax") assert.equal(ticks, "00.51");
        else assert.match(ticks, /^−([\d.]+)0\1$/);
      }
      assert.ok(prints.size >= 2);
    });

    onPage("HTML in a text is shown as text", {}, async (page) => {
      const hostile = "<img src=x onerror=document.title='broken'> <b>bold</b> \u202Eevil";
      await page.fill("#text", hostile);
      await page.waitForFunction(() => document.querySelector("#top-keys")?.textContent.includes("onerror"));
      await settled(page);
      assert.equal(await page.locator("main img").count(), 0);
      assert.equal(await page.locator("main b").count(), 0);
      assert.equal(await page.title(), "tfblocks playground");
      assert.match(await page.textContent("#top-keys"), /U\+202E/);
    });

    onPage("the position of a right-to-left token is shown on its right", {}, async (page) => {
      await page.fill("#text", "a שלום b c");
      await page.waitForFunction(() => document.querySelector(".origin-title bdi")?.textContent === "שלום");
      const ends = await page.$eval(".origin-title bdi", (token) => {
        const place = document.createRange();
        place.setStart(token.nextSibling, 0);
        place.setEnd(token.parentNode.lastChild, token.parentNode.lastChild.length);
        return [token.getBoundingClientRect().right, place.getBoundingClientRect().left];
      });
      assert.ok(ends[0] <= ends[1] + 1, `the token ends at ${ends[0]}, its position starts at ${ends[1]}`);
    });

    onPage("a text that is empty or too long gives a message, and the last picture stays", {}, async (page) => {
      const drawn = await pixelsOf(page, largeMap);
      for (const [text, sentence] of [
        ["", /at least one word/],
        ["x".repeat(10_000), /at most 4000 characters\. This one has 10000 characters/],
        ["word ".repeat(300), /at most 256 tokens\. This one has 300 tokens/],
      ]) {
        await page.fill("#text", text);
        await page.waitForFunction(
          (pattern) => new RegExp(pattern).test(document.querySelector("#text-failure")?.textContent ?? ""),
          sentence.source,
        );
        assert.deepEqual(await pixelsOf(page, largeMap), drawn);
      }
      await page.fill("#text", "all is well");
      await page.waitForFunction(() => document.querySelector("#text-failure")?.textContent === "");
      await settled(page);
      assert.notDeepEqual(await pixelsOf(page, largeMap), drawn);
    });

    onPage("invalid sizes give the message of the package", { hash: "#/attention?v=1" }, async (page) => {
      const drawn = await pixelsOf(page, largeMap);
      await page.evaluate(() => {
        location.hash = "#/attention?v=1&heads=3";
      });
      await page.waitForFunction(() =>
        /divisible by numHeads = 3, got 64/.test(document.querySelector("#sizes-failure")?.textContent ?? ""),
      );
      assert.deepEqual(await pixelsOf(page, largeMap), drawn);
    });

    onPage("a link restores texts, mask, sizes, head, stage and pin", {}, async (page) => {
      await choose(page, "Attention", "Cross");
      await page.fill("#keyText", "un chat & deux chiens");
      await choose(page, "Order", "Prefix");
      await choose(page, "Heads", "8");
      await settled(page);
      await page.locator("#heads").getByRole("button", { name: "Head 5" }).click();
      await choose(page, "Stage", "3 Masked");
      await page.focus(".grid-cell");
      await page.keyboard.press("Control+End");
      await page.keyboard.press("Enter");
      const [picture, link] = [await pixelsOf(page, largeMap), page.url()];
      const other = await page.context().newPage();
      await other.setViewportSize(page.viewportSize());
      await other.goto(link);
      await other.waitForSelector(largeMap);
      await settled(other);
      assert.equal(await other.inputValue("#keyText"), "un chat & deux chiens");
      assert.match(await other.textContent(".origin-title"), /“tired” \(9\) → “chiens” \(4\) in head 5/);
      assert.equal((await pixelsOf(other, largeMap)).print, picture.print);
    });

    onPage("256 tokens and 8 heads do not block the page", {}, async (page) => {
      await choose(page, "Heads", "8");
      const longestFrame = await watchFrames(page);
      const started = Date.now();
      await page.fill("#text", Array.from({ length: 256 }, (_, index) => `w${index % 50}`).join(" "));
      await page.waitForFunction(() => document.querySelector("[role=grid]")?.getAttribute("aria-rowcount") === "256", undefined, {
        timeout: 30_000,
      });
      await settled(page);
      const wait = Date.now() - started;
      await page.focus(".grid-cell");
      await page.keyboard.press("Control+End");
      await page.keyboard.press("PageDown");
      assert.match(await cellLabel(page), /\(255\) to “w5” \(255\)/);
      const longest = await longestFrame();
      // A share of the wait, not a time, because a busy machine slows both. A computation on the page would take nearly all of it.
      assert.ok(longest < wait / 2, `the page was blocked for ${longest} of ${wait} ms`);
      assert.ok((await page.locator(".token-label").count()) < 600);
    });

    onPage("every computation frees its tensors", {}, async (page) => {
      for (const seed of ["1", "2", "3"]) {
        await page.getByLabel("Seed").fill(seed);
        await page.waitForFunction((wanted) => location.hash.includes(`seed=${wanted}`), seed);
        await settled(page);
        assert.equal(await page.getAttribute("#cost", "data-live-tensors"), "0");
      }
    });

    onPage("the theme follows the system until the toggle is used", { colorScheme: "dark" }, async (page) => {
      assert.equal(await page.getAttribute("html", "data-tone"), "dark");
      const dark = await pixelsOf(page, largeMap);
      await page.click("[aria-label='Use the light theme']");
      assert.equal(await page.getAttribute("html", "data-tone"), "light");
      assert.notEqual((await pixelsOf(page, largeMap)).print, dark.print);
    });

    onPage("the strongest keys fit their panel", { viewport: { width: 1280, height: 800 } }, async (page) => {
      const [needed, given] = await page.$eval("#top-keys .table-scroll", (table) => [table.scrollWidth, table.clientWidth]);
      assert.ok(needed <= given, `the table is ${needed} wide in a panel of ${given}`);
    });

    for (const width of [390, 768, 1280]) {
      onPage(
        `nothing is wider than a screen of ${width} pixels`,
        { viewport: { width, height: 844 }, hash: "#/attention?v=1&heads=16&padding=3&order=prefix&window=true" },
        async (page) => {
          assert.deepEqual(await outsideElements(page), []);
        },
      );
    }
  };
  describeRoom(`the attention room ${name}`, {}, declare, headers);
}
