import assert from "node:assert/strict";
import { describeRoom } from "./on-page.mjs";
import { settled } from "./open-page.mjs";
import { savedFiles } from "./saved-file.mjs";
import { choose, outsideElements, pixelsOf } from "./read-page.mjs";
import { eventually } from "./eventually.mjs";

const map = (panel) => `#${panel} .tensor-map canvas`;
const reading = (page, panel) => page.textContent(`#${panel} .map-reading`);

describeRoom("the room of building blocks", { hash: "#/blocks?v=2&of=play", picture: ".panel svg" }, (onPage) => {
  onPage("shows sinusoids with similarity 1 at distance 0", {}, async (page) => {
    await eventually.ok(async () => (await pixelsOf(page, map("encoding"))).colours > 50);
    await eventually.match(() => page.textContent("#similarity .plot-reading"), /distance 0.*1\.00/);
    await eventually.equal(() => page.getAttribute("#cost", "data-live-tensors"), "0");
  });

  onPage("the base changes the picture", {}, async (page) => {
    const before = await pixelsOf(page, map("encoding"));
    await page.getByRole("combobox", { name: "Base" }).selectOption("100");
    await page.waitForFunction(() => location.hash.includes("theta=100"));
    await eventually.notEqual(async () => (await pixelsOf(page, map("encoding"))).print, before.print);
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
      await eventually.equal(() => field.inputValue(), typed);
      await field.blur();
      await eventually.equal(() => field.inputValue(), left);
    }
    await page.waitForFunction(() => location.hash.includes("length=256"));
  });

  onPage("the arrow keys read a map and a plot", {}, async (page) => {
    await page.focus("#encoding .tensor-map-plot");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await eventually.match(() => reading(page, "encoding"), /^position 1, dimension 1: 0\.540$/);
    await page.focus("#similarity .line-plot-area");
    await page.keyboard.press("Home");
    await eventually.match(() => page.getAttribute("#similarity .line-plot-area", "aria-valuetext"), /^distance −32: dot product/);
  });

  onPage("a rotary embedding rotates arrows, and a scaling is compared with none", {}, async (page) => {
    await choose(page, "Encoding", "RoPE");
    await page.waitForSelector(".arrow-grid .arrow");
    await page.getByLabel("For longer texts").selectOption("yarn");
    await page.waitForFunction(() => document.querySelector("#similarity .plot-reading")?.textContent.includes("without scaling"));
    await page.getByRole("slider", { name: /^Pair/ }).fill("0");
    await eventually.match(() => reading(page, "encoding"), /Pair 0 rotates by 1\.00 radians/);
  });

  onPage("ALiBi and T5 give a bias for every head", {}, async (page) => {
    await choose(page, "Encoding", "ALiBi");
    await page.waitForSelector("#encoding table");
    await eventually.equal(() => page.locator("#similarity .plot-key").count(), 4);
    await choose(page, "Encoding", "T5");
    await page.waitForFunction(() => document.querySelector("#encoding h2")?.textContent.startsWith("Distance buckets"));
    await eventually.ok(async () => (await pixelsOf(page, map("encoding"))).colours > 20);
  });

  onPage("norms give every token a deviation of 1", { hash: "#/blocks?v=2&of=play&block=norms" }, async (page) => {
    const rows = await page.locator(".statistics tbody tr").allTextContents();
    assert.equal(rows.length, 10);
    for (const row of rows) assert.match(row, /0 ± (1\.00|0\.999|1\.000)/);
    await page.focus("#histogram .token-button.chosen");
    await page.keyboard.press("ArrowRight");
    await eventually.match(() => page.textContent("#histogram h2"), /“sat”/);
    const before = await pixelsOf(page, map("vectors"));
    await choose(page, "Stage", "LayerNorm");
    await eventually.notEqual(async () => (await pixelsOf(page, map("vectors"))).print, before.print);
  });

  onPage(
    "a gated network shows its gate",
    { hash: "#/blocks?v=2&of=play&block=feedForward", picture: "#hidden-units canvas" },
    async (page) => {
      await eventually.equal(() => page.locator("#token-path .vector-row").count(), 4);
      await choose(page, "Type", "Gated");
      await page.waitForFunction(() => document.querySelectorAll("#token-path .vector-row").length === 5);
      await choose(page, "Curve", "Slope");
      await eventually.match(() => page.textContent("#curves .plot-reading"), /ReLU 1\.00/);
      await settled(page);
      await eventually.equal(() => page.getAttribute("#cost", "data-live-tensors"), "0");
    },
  );

  const menuOf = (page, panel, nth = 0) => page.locator(`${panel} .export-menu`).nth(nth);

  onPage("every picture of positions is saved as PNG, SVG, JSON and CSV", {}, async (page) => {
    const encoding = await savedFiles(page, menuOf(page, "#encoding"));
    assert.match(encoding.SVG, /<title>Sinusoids: positions by dimension<.*position \(row\)/s);
    assert.match(encoding.CSV, /^row,column,position,dimension,sin and cos\r\n0,0,0,0,0\r\n0,1,0,1,1\r\n/);
    await eventually.match(async () => (await savedFiles(page, menuOf(page, "#similarity"))).SVG, /distance/);
    const { rows, values } = JSON.parse((await savedFiles(page, menuOf(page, "#matrix"))).JSON);
    assert.deepEqual([rows.of, rows.count, values.length], ["query", 64, 64]);
    await choose(page, "Encoding", "RoPE");
    await page.waitForSelector(".arrow-grid .arrow");
    const arrows = await savedFiles(page, menuOf(page, "#encoding"));
    assert.match(arrows.SVG, /pair 0/);
    assert.match(arrows.CSV, /^pair,radians per position,positions per turn\r\n0,1,6\.28/);
    await choose(page, "Encoding", "ALiBi");
    await page.waitForSelector("#encoding table");
    await eventually.match(async () => (await savedFiles(page, menuOf(page, "#encoding"))).CSV, /Head 3,/);
    await choose(page, "Encoding", "T5");
    await page.waitForFunction(() => document.querySelector("#encoding h2")?.textContent.startsWith("Distance buckets"));
    await eventually.match(async () => (await savedFiles(page, menuOf(page, "#encoding", 0))).SVG, /bucket/);
    await eventually.match(
      async () => (await savedFiles(page, menuOf(page, "#encoding", 1))).CSV,
      /^row,column,head,bucket,bias of a bucket\r\n/,
    );
  });

  onPage("pictures and tables of norms are saved", { hash: "#/blocks?v=2&of=play&block=norms" }, async (page) => {
    await eventually.match(async () => (await savedFiles(page, menuOf(page, "#histogram"))).SVG, /RMSNorm/);
    await eventually.match(async () => (await savedFiles(page, menuOf(page, "#statistics"), ["JSON", "CSV"])).CSV, /\r\n1,cat,LayerNorm,/);
    await eventually.match(
      async () => (await savedFiles(page, menuOf(page, "#vectors"))).SVG,
      /<title>Norms: vectors, before<.*token \(row\)/s,
    );
  });

  onPage(
    "pictures of a feed-forward network are saved",
    { hash: "#/blocks?v=2&of=play&block=feedForward", picture: "#hidden-units canvas" },
    async (page) => {
      await eventually.match(async () => (await savedFiles(page, menuOf(page, "#curves"))).CSV, /ReLU/);
      await eventually.match(
        async () => (await savedFiles(page, menuOf(page, "#hidden-units"))).CSV,
        /^row,column,token,hidden unit,activation\r\n/,
      );
      const path = await savedFiles(page, menuOf(page, "#token-path"));
      assert.equal(path.SVG.match(/<image /g).length, 4);
      assert.match(path.SVG, /<rect x="63"/); // the last step of the legend
      assert.match(path.SVG, /<text [^>]*font-size:12\.5px[^>]*>value</);
      assert.equal(JSON.parse(path.JSON).stages.length, 4);
    },
  );

  onPage(
    "an empty text gives a message, and the last picture stays",
    { hash: "#/blocks?v=2&of=play&block=feedForward", picture: "#hidden-units canvas" },
    async (page) => {
      await page.fill("#text", "");
      await page.waitForFunction(() => /at least one word/.test(document.querySelector("#text-failure")?.textContent ?? ""));
      await eventually.equal(() => page.locator("#hidden-units tbody tr").count(), 10);
    },
  );

  onPage(
    "a link restores the block and its settings",
    { hash: "#/blocks?v=2&of=play&block=positions&encoding=alibi&heads=6&length=20" },
    async (page) => {
      await eventually.equal(() => page.locator("#encoding tbody tr").count(), 6);
      await choose(page, "Block", "Norms");
      await page.waitForSelector("#histogram svg");
      await page.waitForFunction(() => /block=norms.*of=play|of=play.*block=norms/.test(location.hash));
      await page.goBack();
      await page.waitForSelector("#encoding");
    },
  );

  const ofModel = (block, model, text) => `#/blocks?v=2&model=${model}&text=${text}&block=${block}`;
  const about = (page) => page.textContent(".block-about");
  const chooseLayer = (page, layer) => page.getByRole("combobox", { name: "Layer" }).selectOption(layer);
  const chooseModel = (page, model) => page.getByRole("combobox", { name: "Model" }).selectOption(model);
  const tokensAre = (page, words) =>
    page.waitForFunction((wanted) => document.querySelector(".workspace-tokens .hint")?.textContent.startsWith(wanted), words);
  const aboutSays = (page, words) =>
    page.waitForFunction((wanted) => document.querySelector(".block-about")?.textContent.includes(wanted), words);

  onPage(
    "the norms of the chosen model give every row one size",
    { hash: ofModel("norms", "grammar", "the+boys+see"), picture: "#factors svg" },
    async (page) => {
      await eventually.match(() => about(page), /are RMSNorms, not LayerNorms/);
      await eventually.match(() => page.textContent("#histogram h2"), /The 64 numbers of “see”/);
      const rows = await page.locator(".statistics tbody tr").allTextContents();
      assert.equal(rows.length, 3);
      const print = async () => (await pixelsOf(page, map("vectors"))).print;
      const before = await print();
      await choose(page, "Norm", "of feed-forward");
      await page.waitForFunction(() => location.hash.includes("norm=feedForwardNorm"));
      const between = await print();
      assert.notEqual(between, before);
      await chooseLayer(page, "L2");
      await settled(page);
      await page.waitForFunction(() => location.hash.includes("head=self.2"));
      await eventually.notEqual(() => print(), between);
      const { title } = JSON.parse((await savedFiles(page, menuOf(page, "#vectors"), ["JSON"])).JSON);
      assert.equal(title, "Grammar, L2, norm of feed-forward: vectors, before");
      await eventually.match(async () => (await savedFiles(page, menuOf(page, "#factors"))).CSV, /"weight"/);
      await eventually.match(() => page.textContent("#factors"), /The smallest number is .*, the largest .*, and their mean is/);
    },
  );

  onPage(
    "the feed-forward network of the chosen model shows which units each token activates",
    { hash: ofModel("feedForward", "grammar", "the+boys+see"), picture: "#hidden-units canvas" },
    async (page) => {
      await eventually.match(() => about(page), /a gated network: vectors of 64 numbers, 128 hidden units, the activation SiLU/);
      await eventually.match(
        async () => (await page.locator("#hidden-units tbody tr").allTextContents()).join("\n"),
        /^the\d+ of 128.*\nboys\d+ of 128.*\nsee\d+ of 128/,
      );
      await eventually.equal(() => page.locator("#token-path .vector-row").count(), 5);
      await page.fill("#text", "the boys");
      await page.waitForFunction(() => document.querySelectorAll("#hidden-units tbody tr").length === 2);
      await tokensAre(page, "2 tokens");
      await chooseModel(page, "induction");
      await aboutSays(page, "adds nothing: it has 1 hidden unit");
      await eventually.equal(() => page.locator(".model-block .panel").count(), 0);
    },
  );

  onPage(
    "the positions of the chosen model are its rotation, its table or its biases",
    { hash: ofModel("positions", "grammar", "the+boys+see"), picture: ".arrow-grid .arrow" },
    async (page) => {
      await eventually.match(() => about(page), /rotates its queries and keys \(RoPE, base 10,000\): 16 of the 16 dimensions/);
      await tokensAre(page, "3 tokens");
      await chooseModel(page, "induction");
      await aboutSays(page, "a learned vector for each of 64 positions");
      await eventually.ok(async () => (await pixelsOf(page, map("encoding"))).colours > 50);
      await tokensAre(page, "16 tokens");
      await chooseModel(page, "copy");
      await aboutSays(page, "64 buckets of distances for each of 4 heads");
      await eventually.equal(() => page.locator("#similarity .plot-key").count(), 4);
      await choose(page, "Numbers of", "a block to play with");
      await page.waitForFunction(() => document.querySelector("#encoding h2")?.textContent.startsWith("Sinusoidal"));
      await page.goBack();
      await aboutSays(page, "64 buckets");
    },
  );

  onPage(
    "a text without words gives a message, and the last picture stays",
    { hash: ofModel("norms", "grammar", "the+boys+see"), picture: "#factors svg" },
    async (page) => {
      await page.fill("#text", "");
      await page.waitForFunction(() => /The text is empty/.test(document.querySelector("#block-failure")?.textContent ?? ""));
      await eventually.equal(() => page.locator(".statistics tbody tr").count(), 3);
    },
  );

  for (const hash of [
    ofModel("positions", "copy", "abc"),
    ofModel("norms", "grammar", "the+boys"),
    ofModel("feedForward", "grammar", "the+boys"),
    "#/blocks?v=2&of=play&block=positions&encoding=rotary&scaling=llama3&length=256",
    "#/blocks?v=2&of=play&block=positions&encoding=t5&heads=8",
    "#/blocks?v=2&of=play&block=norms&width=256",
    "#/blocks?v=2&of=play&block=feedForward&gated=true&expansion=8",
  ]) {
    const options = { viewport: { width: 390, height: 844 }, hash, picture: ".panel svg" };
    onPage(`nothing is wider than a screen of 390 pixels: ${hash}`, options, async (page) => {
      await eventually.deepEqual(() => outsideElements(page), []);
    });
  }

  const play = (block) => `#/blocks?v=2&of=play&block=${block}`;

  onPage(
    "the third panel of a block uses a wide screen",
    { hash: play("norms"), viewport: { width: 2560, height: 1300 } },
    async (page) => {
      const widthOf = (panel) => page.$eval(`#${panel}`, (element) => element.offsetWidth);
      await eventually.ok(async () => (await widthOf("vectors")) > 2 * (await widthOf("statistics")));
    },
  );

  onPage(
    "the spread of a token stands above its numbers",
    { hash: play("norms"), viewport: { width: 1440, height: 900 } },
    async (page) => {
      const middles = await page.$$eval("#statistics td > *", (parts) =>
        parts.map((part) => part.getBoundingClientRect()).map(({ left, right }) => Math.round((left + right) / 2)),
      );
      for (let bar = 0; bar < middles.length; bar += 2) assert.ok(Math.abs(middles[bar] - middles[bar + 1]) <= 1, String(middles));
      await eventually.equal(() => page.$eval("#statistics .spread", (bar) => getComputedStyle(bar).opacity), "1");
    },
  );

  onPage("the units of a token fit a phone", { hash: play("feedForward"), viewport: { width: 390, height: 844 } }, async (page) => {
    await eventually.ok(() => page.$eval("#hidden-units .table-scroll", (box) => box.scrollWidth <= box.clientWidth));
  });
});
