import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fromJson } from "@tfblocks/analysis/pictures";
import { seriousFindings } from "./axe.mjs";
import { exploreMadeModel, letters, serveMadeModel } from "./made-model.mjs";
import { describeRoom } from "./on-page.mjs";
import { settled } from "./open-page.mjs";
import { slowdown, textToPaint } from "./paint-times.mjs";
import { cellLabel, choose, outsideElements, pixelsOf, pointOf, tasksDuring, weightsOfRow } from "./read-page.mjs";
import { openMenu, savedFile, savedFiles } from "./saved-file.mjs";
import { isolation } from "./serve.mjs";
import { eventually } from "./eventually.mjs";

const map = ".heat-map canvas";
const grammar = { hash: "#/explore?v=2&model=grammar" };
const isOpen = (page, title) => page.waitForFunction((head) => document.querySelector("#head h2")?.textContent === head, `Head ${title}`);
const savesParameter = (page, name, value) =>
  page.waitForFunction(([key, text]) => new URLSearchParams(location.hash.split("?")[1]).get(key) === text, [name, value]);

const menuOf = (page, panel) => page.locator(`${panel} .export-menu`).first();
const save = (page, panel, format) => savedFile(page, menuOf(page, panel), format);

for (const [name, headers] of Object.entries({ "with threads": isolation, "without threads": {} })) {
  describeRoom(
    `the Explore room ${name}`,
    grammar,
    (onPage) => {
      onPage("names the prediction, shows the head that is responsible, and where its number comes from", {}, async (page) => {
        await eventually.match(() => page.textContent(".prediction.chosen"), /sees.*chase/);
        await eventually.equal(() => page.textContent("#head h2"), "Head L2·H3");
        await eventually.match(() => page.textContent(".origin-title"), /“sees” \(6\) → “boys” \(1\) in L2·H3/);
        await page.waitForSelector("#origin .stage");
        await eventually.ok(async () => (await pixelsOf(page, map)).colours > 10);
        await eventually.ok(async () => (await pixelsOf(page, ".head-canvas")).colours > 50);
        await eventually.equal(() => page.locator(".head-tile").count(), 12);
        await eventually.match(() => page.locator(".head-tile .spoken").first().textContent(), /^L0·H0: .*uniform attention 0\.\d+$/);
      });

      onPage("every row of weights sums to 1, and masked cells are named", {}, async (page) => {
        await page.focus(".grid-cell");
        await page.keyboard.press("Control+Home");
        const [first, ...rest] = await weightsOfRow(page);
        assert.deepEqual([first, ...new Set(rest)], [1, 0]);
        await eventually.match(() => cellLabel(page), /: masked\./);
        for (let row = 0; row < 2; row++) {
          await page.keyboard.press("ArrowDown");
          const sum = (await weightsOfRow(page)).reduce((total, weight) => total + weight, 0);
          assert.ok(Math.abs(sum - 1) < 0.005, `the row sums to ${sum}`);
        }
      });

      onPage("the steps of a pinned cell match its vectors", {}, async (page) => {
        await page.click("#origin details summary");
        const rows = await page.$$eval("#origin tbody tr", (trs) =>
          trs.map((tr) => [...tr.querySelectorAll("td")].map((td) => Number(td.textContent.replaceAll("−", "-")))),
        );
        const dot = rows.reduce((sum, [query, key]) => sum + query * key, 0);
        const results = await page.$$eval("#origin .step-result", (steps) =>
          steps.map((step) => Number(step.textContent.replace("−", "-"))),
        );
        const words = await page.locator("#origin .step-how").first().boundingBox();
        assert.ok(words.width > 150, `the words of a step have ${words.width} pixels`);
        const [raw, scaled] = results;
        assert.ok(Math.abs(dot - raw) < 0.1, `${dot} and ${raw}`);
        assert.ok(Math.abs(raw / Math.sqrt(rows.length) - scaled) < 0.01 * Math.max(1, Math.abs(raw)), `${raw} and ${scaled}`);
        assert.ok(results.at(-1) <= 1);
      });

      onPage("another text is read; the old picture stays until the new one is there", {}, async (page) => {
        const before = await pixelsOf(page, map);
        await page.fill("#text", "the boy that the old women see");
        await page.waitForFunction(() => document.querySelector(".prediction.chosen .prediction-token")?.textContent === "see6");
        await settled(page);
        await eventually.notEqual(async () => (await pixelsOf(page, map)).print, before.print);
        const drawn = await pixelsOf(page, map);
        await page.fill("#text", "the Hund sees");
        await page.waitForFunction(() => document.querySelector("#text-failure")?.textContent.includes("Hund"));
        await eventually.match(() => page.textContent(".stale-note"), /still show the last text/);
        await eventually.deepEqual(() => pixelsOf(page, map), drawn);
        await eventually.equal(() => page.locator("#reading-failure").count(), 0);
        await page.fill("#text", "");
        await page.waitForFunction(() => /text is empty/.test(document.querySelector("#text-failure")?.textContent ?? ""));
        await eventually.deepEqual(() => pixelsOf(page, map), drawn);
      });
    },
    headers,
  );
}

describeRoom("the Explore room", grammar, (onPage) => {
  onPage(
    "pointing at a cell reads it, a click pins it, a second click and Esc unpin it",
    { hash: `${grammar.hash}&pin=none` },
    async (page) => {
      await eventually.match(() => page.textContent("#origin"), /No cell is pinned/);
      const place = await pointOf(page, 5, 3);
      await page.mouse.move(place.x, place.y);
      await page.waitForFunction(() => /score −?[\d.]+ before the softmax/.test(document.querySelector(".tooltip")?.textContent ?? ""));
      await eventually.match(() => page.textContent(".tooltip"), /“woman” \(5\) → “the” \(3\)0?\.\d{3} rank \d of 6/);
      await page.mouse.click(place.x, place.y);
      await eventually.match(() => page.textContent(".origin-title"), /“woman” \(5\) → “the” \(3\) in L2·H3/);
      await eventually.match(() => page.textContent(".pinned-reading"), /^“woman” \(5\) → “the” \(3\): weight 0?\.\d{3}, rank \d of 6$/);
      await savesParameter(page, "pin", "5-3");
      // The pin stays while the pointer reads other cells.
      const other = await pointOf(page, 3, 0);
      await page.mouse.move(other.x, other.y);
      await eventually.match(() => page.textContent(".origin-title"), /“woman” \(5\)/);
      await page.mouse.click(place.x, place.y);
      await eventually.match(() => page.textContent("#origin"), /No cell is pinned/);
      await page.mouse.click(place.x, place.y);
      await page.waitForSelector(".pin-ring");
      await page.keyboard.press("Escape");
      await eventually.match(() => page.textContent("#origin"), /No cell is pinned/);
      await savesParameter(page, "pin", "none");
    },
  );

  onPage("a model that is chosen right after a letter was typed is opened, whatever waits for the last one", {}, async (page) => {
    for (const model of ["untrained-reverse", "grammar", "untrained-reverse"]) {
      await page.evaluate((id) => {
        const [text, models] = ["textarea", ".model-picker select"].map((selector) => document.querySelector(selector));
        text.value += " ";
        text.dispatchEvent(new Event("input", { bubbles: true }));
        models.value = id;
        models.dispatchEvent(new Event("change", { bubbles: true }));
      }, model);
      await page.waitForFunction((id) => location.hash.includes(`model=${id}`), model);
      await settled(page);
      await eventually.deepEqual(() => page.locator(".workspace-bar .failure:not(:empty)").allTextContents(), []);
    }
  });

  onPage("the keyboard reaches every cell and head with one tab stop each", {}, async (page) => {
    await eventually.equal(() => page.locator(".heat-map [tabindex='0']").count(), 1);
    await eventually.equal(() => page.locator(".head-grid [tabindex='0']").count(), 1);
    await page.focus(".grid-cell");
    await page.keyboard.press("Control+End");
    await eventually.match(() => cellLabel(page), /^“sees” \(6\) to “sees” \(6\)/);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowUp");
    await eventually.match(() => cellLabel(page), /^“woman” \(5\) to “the” \(0\)/);
    await eventually.match(() => page.textContent(".heat-map [aria-live=polite]"), /Strongest: /);
    await page.keyboard.press("Enter");
    await eventually.match(() => page.textContent(".origin-title"), /“woman” \(5\) → “the” \(0\)/);
    await page.keyboard.press("Escape");
    await eventually.equal(() => page.locator(".heat-map .pin-ring").count(), 0);
    await page.keyboard.press("PageUp");
    await isOpen(page, "L2·H2");
    await page.focus(".head-tile[tabindex='0']");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await isOpen(page, "L1·H0");
    await savesParameter(page, "head", "self.1.0");
    await page.focus("[role=listbox]");
    await page.keyboard.press("Home");
    await eventually.match(() => page.textContent(".prediction-title"), /After “the” \(0\) the model expects:/);
  });

  onPage("a link restores model, text, head, pin and view", {}, async (page) => {
    await page.fill("#text", "my queen [ near the old houses ] admires herself");
    await settled(page);
    await page.locator(".head-tile").nth(5).click();
    await isOpen(page, "L1·H1");
    await choose(page, "Order", "Similarity");
    await choose(page, "Colours", "Viridis");
    await choose(page, "Scale", "Row");
    await choose(page, "A token of the text", "is looked at by");
    const place = await pointOf(page, 8, 5);
    await page.mouse.click(place.x, place.y);
    await page.mouse.move(5, 5);
    await savesParameter(page, "pin", "8-5");
    await savesParameter(page, "ramp", "viridis");
    await settled(page);
    await page.waitForFunction(() => document.querySelector("#heads .task-bar") === null);
    const [picture, url] = [await pixelsOf(page, map), page.url()];
    const other = await page.context().newPage();
    await other.setViewportSize(page.viewportSize());
    await other.goto(url);
    await other.waitForSelector(map);
    await settled(other);
    await eventually.equal(() => other.inputValue("#text"), "my queen [ near the old houses ] admires herself");
    await eventually.match(() => other.textContent(".origin-title"), /“admires” \(8\) → “old” \(5\) in L1·H1/);
    await eventually.equal(async () => (await pixelsOf(other, map)).print, picture.print);
    await eventually.ok(() => other.getByRole("radio", { name: "is looked at by" }).isChecked());
  });

  onPage("the map is saved as PNG, SVG, JSON and CSV", {}, async (page) => {
    const svg = await save(page, "#head", "SVG");
    assert.equal(svg.name, "self-l2-h3.svg");
    assert.match(svg.content.toString(), /^<svg.*Grammar: L2·H3.*boys.*<\/svg>$/s);
    const png = await save(page, "#head", "PNG");
    assert.equal(png.content.toString("latin1", 1, 4), "PNG");
    const [, wide] = /width="(\d+)/.exec(svg.content.toString());
    assert.equal(png.content.readUInt32BE(16), 2 * Number(wide));
    const json = fromJson((await save(page, "#head", "JSON")).content.toString());
    assert.deepEqual([json.map.rows, json.head, json.layer, json.rowTokens[1]], [7, 3, "layers.2.attention", "boys"]);
    assert.ok(json.map.weights[6 * 7 + 1] > 0.9);
    const csv = (await save(page, "#head", "CSV")).content.toString().split("\r\n");
    assert.equal(csv[0], "row,column,rowToken,columnToken,weight,allowed");
    assert.match(csv[1 + 6 * 7 + 1], /^6,1,sees,boys,0\.9\d*,1$/);
    assert.match(csv[2], /^0,1,the,boys,,0$/);
  });

  onPage("predictions, heads, attribution and layers are saved too", {}, async (page) => {
    const predictions = JSON.parse((await save(page, "#predictions", "JSON")).content.toString());
    assert.equal(predictions.positions.length, 7);
    assert.deepEqual([predictions.version, predictions.model, predictions.temperature], [1, "Grammar", 1]);
    await eventually.match(
      async () => (await save(page, "#predictions", "CSV")).content.toString(),
      /^position,token,rank,predicted,probability\r\n0,the,1,/,
    );
    const heads = JSON.parse((await save(page, "#heads", "JSON")).content.toString());
    assert.equal(heads.heads.length, 12);
    const { rows, columns, values } = heads.heads[0].thumbnail;
    assert.deepEqual([heads.model, rows, columns, values.length], ["Grammar", 7, 7, 49]);
    await eventually.match(async () => (await save(page, "#heads", "SVG")).content.toString(), /L0·H0.*L2·H3/s);
    await page.locator("#attribution").scrollIntoViewIfNeeded();
    await page.waitForSelector("#attribution .logit-bars");
    const bars = JSON.parse((await save(page, "#attribution", "JSON")).content.toString());
    const sum = bars.bars.reduce((total, { value }) => total + value, 0);
    await eventually.ok(async () => Math.abs(sum - Number((await page.textContent(".logit-sum .logit-number")).trim())) < 0.02);
    await page.waitForSelector("#lens .lens-cell.chosen");
    await eventually.match(async () => (await save(page, "#lens", "SVG")).content.toString(), /layer \(row\).*embedding/s);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await openMenu(menuOf(page, "#predictions"));
    await menuOf(page, "#predictions").getByRole("button", { name: "Copy link" }).click();
    await page.waitForFunction(() => /copied/.test(document.body.textContent));
    await eventually.equal(() => page.evaluate(() => navigator.clipboard.readText()), page.url());
  });

  onPage("the map shows every stage from the dot products to the weights, and saves it", {}, async (page) => {
    const stages = page.getByRole("group", { name: "Stage", exact: true });
    await eventually.deepEqual(() => stages.locator("label").allTextContents(), ["q · k", "scaled", "masked", "softmax"]);
    const prints = new Set([(await pixelsOf(page, map)).print]);
    const pinned = await page.textContent(".origin-title");
    for (const [stage, legend] of [
      ["q · k", /^dot products−[\d.]+0[\d.]+$/],
      ["scaled", /^scaled scores−[\d.]+0[\d.]+$/],
      ["masked", /^masked scores−[\d.]+0[\d.]+ masked: −∞$/],
    ]) {
      await choose(page, "Stage", stage);
      await settled(page);
      await page.waitForFunction((words) => new RegExp(words).test(document.querySelector("#head .legend").textContent), legend.source);
      prints.add((await pixelsOf(page, map)).print);
      await eventually.equal(() => page.locator("#head .pin-ring").count(), 1);
    }
    assert.equal(prints.size, 3); // q · k and the scaled scores have one picture and two legends
    await eventually.equal(() => page.textContent(".origin-title"), pinned);
    await savesParameter(page, "stage", "masked");
    const scaledOf = async (nth) => Number((await page.locator("#origin .step-result").nth(nth).textContent()).replace("−", "-"));
    await page.focus(".grid-cell");
    await eventually.match(() => cellLabel(page), /^“sees” \(6\) to “boys” \(1\): score [\d.]+, rank 1 of 7/);
    const svg = await save(page, "#head", "SVG");
    assert.equal(svg.name, "grammar-l2-h3-masked-scores.svg");
    assert.match(svg.content.toString(), /query \(row\).*>score<.*>masked</s);
    const json = JSON.parse((await save(page, "#head", "JSON")).content.toString());
    assert.deepEqual([json.stage, json.layer, json.head, json.values[0][1]], ["masked", "layers.2.attention", 3, null]);
    await eventually.ok(async () => Math.abs(json.values[6][1] - (await scaledOf(2))) < 0.01 * json.values[6][1]);
    await page.focus(".grid-cell");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowRight");
    await eventually.match(() => cellLabel(page), /: masked\./);
  });

  onPage(
    "a stage that a head does not have is not offered, and the page says so",
    { hash: "#/explore?v=2&model=reverse" },
    async (page) => {
      const stages = () => page.getByRole("group", { name: "Stage", exact: true }).locator("label").allTextContents();
      await choose(page, "Attention", "Decoder");
      await isOpen(page, "decoder L0·H0");
      await eventually.deepEqual(() => stages(), ["q · k", "with bias", "masked", "softmax"]);
      await choose(page, "Stage", "with bias");
      await settled(page);
      await page.waitForFunction(() => document.querySelector("#head .legend").textContent.startsWith("scores with bias"));
      await choose(page, "Attention", "Cross-attention");
      await isOpen(page, "cross L0·H0");
      await eventually.deepEqual(() => stages(), ["q · k", "softmax"]);
      await eventually.match(() => page.textContent("#head"), /This head does not scale its scores\. No cell is masked here\./);
      await page.waitForFunction(() => document.querySelector("#head .legend").textContent.startsWith("weight"));
    },
  );

  onPage("the origin of a number and the lines between tokens are saved", {}, async (page) => {
    await page.waitForSelector("#origin .stage");
    const { SVG, JSON: json, CSV } = await savedFiles(page, menuOf(page, "#origin"));
    assert.equal(SVG.match(/<image /g).length, 10);
    assert.match(SVG, /dot product.*softmax/s);
    const { key, vectors, scores } = JSON.parse(json);
    const dot = vectors.query.reduce((sum, value, at) => sum + value * vectors.key[at], 0);
    assert.ok(Math.abs(dot - scores.raw[key.position]) < 1e-3, `${dot} and ${scores.raw[key.position]}`);
    assert.match(CSV, /^numbers,index,token,value\r\nquery,0,,-?[\d.]+\r\n[^]*\r\nweights,1,boys,0\.9/);
    await page.getByText("Lines between tokens").click();
    const { SVG: lines } = await savedFiles(page, page.locator("#head details .export-menu"), ["PNG", "SVG"]);
    assert.match(lines, /<path [^>]*stroke-width.*woman/s);
  });

  onPage("the report is one HTML file that works by itself", {}, async (page) => {
    await page.getByRole("button", { name: "Make the report" }).click();
    const button = page.getByRole("button", { name: "Save grammar-report.html" });
    await button.waitFor({ timeout: 60_000 });
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    const html = (await readFile(await download.path())).toString();
    assert.match(html, /^<!doctype html>/i);
    assert.match(html, /L2·H3/);
    const other = await page.context().newPage();
    await other.setContent(html);
    await eventually.match(() => other.title(), /Grammar/);
  });

  onPage("heads are sorted by score, label and similarity, and drawn in the plane", {}, async (page) => {
    const names = () => page.locator(".head-tile-name").allTextContents();
    await page.getByRole("combobox", { name: "Score" }).selectOption({ label: "Duplicate token" });
    await choose(page, "Order", "Score");
    const scores = (await page.locator(".head-tile-score strong").allTextContents()).map((text) =>
      Number(text.replace("−", "-").replace("–", "-1")),
    );
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    );
    await choose(page, "Order", "Label");
    const labels = await page.locator(".head-tile-label").allTextContents();
    assert.ok(labels.slice(0, labels.indexOf("")).every((label) => label !== ""));
    await choose(page, "Order", "Similarity");
    await page.waitForFunction(() => document.querySelector("#heads .task-bar") === null);
    await eventually.equal(async () => new Set(await names()).size, 12);
    await choose(page, "Show", "Distances");
    await page.waitForFunction(() => document.querySelectorAll(".head-point").length === 12);
    await page.locator(".head-point", { hasText: "L0·H2" }).click();
    await isOpen(page, "L0·H2");
  });

  onPage("the temperature sharpens the predictions", {}, async (page) => {
    const first = async () => Number(/([\d.]+) %/.exec(await page.textContent(".prediction-detail .probability-number"))[1]);
    const before = await first();
    await page.getByLabel(/^Temperature/).fill("0.3");
    await page.waitForFunction(() => /sharper/.test(document.querySelector(".temperature").textContent));
    await settled(page);
    await eventually.ok(async () => (await first()) > before);
    await savesParameter(page, "temperature", "0.3");
  });

  onPage("an encoder-decoder shows each kind of attention", { hash: "#/explore?v=2&model=reverse" }, async (page) => {
    const prints = new Set();
    for (const [kind, title] of [
      ["Encoder", "encoder L0·H0"],
      ["Decoder", "decoder L0·H0"],
      ["Cross-attention", "cross L0·H0"],
    ]) {
      await choose(page, "Attention", kind);
      await isOpen(page, title);
      await settled(page);
      prints.add((await pixelsOf(page, map)).print);
    }
    assert.equal(prints.size, 3);
    await page.waitForSelector("#origin .stage");
    await eventually.match(() => page.locator("#origin .step-how").nth(1).textContent(), /× 1: this model does not divide by √16/);
    await eventually.equal(() => page.locator("#head .token-strip").count(), 2);
    await page.fill("#text", "hello=");
    await page.getByRole("button", { name: "Let the model write it" }).click();
    await page.waitForFunction(() => document.querySelector("#answer").value === "olleh");
    await page.waitForFunction(() => /<pad>/.test(document.querySelector(".workspace-tokens .hint").textContent));
    await page.fill("#answer", "efa");
    await page.waitForFunction(() => document.querySelector(".heat-map [role=grid]")?.getAttribute("aria-rowcount") === "4");
  });

  onPage("a finger reads a cell by a tap", { hash: `${grammar.hash}&pin=none`, hasTouch: true, isMobile: true }, async (page) => {
    await eventually.equal(() => page.locator(".once-hint").innerText(), "Tap a cell to read and pin it; tap it again to unpin it. Got it");
    const place = await pointOf(page, 6, 1);
    await page.touchscreen.tap(place.x, place.y);
    await page.waitForFunction(() => /“sees” \(6\) → “boys” \(1\): weight/.test(document.querySelector(".pinned-reading")?.textContent));
  });

  onPage("the token strip marks the row or the column of a token", { hash: `${grammar.hash}&pin=none` }, async (page) => {
    await page.locator("#head .strip-token").nth(6).hover();
    await page.waitForSelector(".crosshair.row");
    await eventually.equal(() => page.locator(".strip-token.masked").count(), 0);
    await page.locator("#head .strip-token").nth(1).hover();
    await page.waitForFunction(() => document.querySelectorAll("#head .strip-token.masked").length === 5);
    await choose(page, "A token of the text", "is looked at by");
    await page.locator("#head .strip-token").nth(1).hover();
    await page.waitForSelector(".crosshair.column");
    await page.getByText("Lines between tokens").click();
    await page.waitForFunction(() => document.querySelectorAll(".token-line").length > 7); // an opened picture is drawn after its event
    await eventually.match(() => page.textContent(".token-lines"), /not drawn; together they are/);
    await page.getByText("The strongest keys as a table").click();
    await page.waitForSelector("#top-keys tbody tr"); // an opened list is filled after its event
    await eventually.equal(() => page.locator("#top-keys tbody tr").count(), 7);
  });

  onPage("hostile text and hostile tokens are only ever text", { hash: "#/explore?v=2&model=grammar" }, async (page) => {
    await serveMadeModel(page, {}, { a: "<img src=x onerror=document.title='broken'>", b: "\u202Eevil" });
    const hostile = "<script>document.title='broken'</script><b>";
    await page.evaluate((text) => {
      location.hash = `#/explore?v=2&model=made&text=${encodeURIComponent(text)}`;
    }, hostile);
    await page.waitForFunction(() => /made/.test(document.querySelector(".workspace-model select")?.value ?? ""));
    await page.fill("#text", "cdcdcd");
    await page.waitForFunction(() => document.querySelector(".heat-map [role=grid]")?.getAttribute("aria-rowcount") === "6");
    await settled(page);
    await page.fill("#text", hostile);
    await page.waitForTimeout(1500);
    await eventually.equal(() => page.locator("main img, main b, main script").count(), 0);
    await eventually.doesNotMatch(() => page.title(), /broken/);
    const svg = (await save(page, "#heads", "SVG")).content.toString();
    assert.doesNotMatch(svg, /<script|<img/);
  });

  onPage("axe has no serious finding", {}, async (page) => {
    await page.locator("#lens").scrollIntoViewIfNeeded();
    await page.waitForSelector("#lens .lens-cell.chosen");
    await eventually.deepEqual(() => seriousFindings(page), []);
  });

  for (const width of [320, 390, 768, 2560]) {
    onPage(`nothing is wider than a screen of ${width} pixels`, { viewport: { width, height: 900 } }, async (page) => {
      await page.locator("#lens").scrollIntoViewIfNeeded();
      await page.waitForSelector("#lens .lens-cell.chosen");
      await eventually.deepEqual(() => outsideElements(page), []);
      await eventually.ok(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    });
  }
});

describeRoom("the Explore room with many heads and tokens", grammar, (onPage) => {
  const lacks = Object.fromEntries(["firefox", "webkit"].map((name) => [name, "Only Chromium tells how long each task of a page takes."]));
  onPage("hovering over 12 × 12 heads and 1,000 tokens blocks the page for 50 ms at most", { lacks }, async (page) => {
    await exploreMadeModel(page, { numLayers: 12, numHeads: 12, maxLength: 1024 }, letters(1000));
    await page.waitForFunction(() => document.querySelectorAll(".head-tile").length === 144);
    await page.locator("#heads .task-bar").getByRole("button", { name: "Cancel" }).click();
    await page.waitForSelector("#heads .again-line");
    const plot = page.locator(".heat-map .plot");
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    const tasks = await tasksDuring(page, async () => {
      const height = Math.min(box.height, 500);
      const to = (share) => page.mouse.move(box.x + 2 + box.width * share, box.y + 2 + height * share);
      for (let share = 0; share < 0.9; share += 0.02) await to(share);
      for (const index of [3, 40, 400]) await page.locator("#head .strip-token").nth(index).hover();
      for (const tile of [0, 20, 90]) await page.locator(".head-tile").nth(tile).hover();
    });
    assert.ok(tasks.length > 50, "the trace has the tasks of the page");
    assert.ok(tasks[0] <= 50 * slowdown(), `the longest tasks took ${tasks.slice(0, 5).join(", ")} ms`);
    await choose(page, "Size", "Readable");
    await page.focus(".grid-cell");
    await page.keyboard.press("Control+End");
    await eventually.match(() => cellLabel(page), /\(999\) to .*\(999\)/);
    await eventually.ok(async () => (await page.locator("body *").count()) < 6000);
  });

  onPage("a text of 300 tokens is painted within a second", { hash: grammar.hash }, async (page) => {
    await exploreMadeModel(page, { maxLength: 512 }, letters(300));
    await settled(page);
    const times = [];
    for (const first of [1, 2, 3]) times.push(Math.round(await textToPaint(page, letters(300, first), "all heads")));
    assert.ok(Math.min(...times) < 1000 * slowdown(), `painted after ${times.join(", ")} ms, slowdown ${slowdown()}`);
  });
});
