import assert from "node:assert/strict";
import { describeRoom } from "./on-page.mjs";
import { choose } from "./read-page.mjs";
import { isolation } from "./serve.mjs";
import { eventually } from "./eventually.mjs";

/** What the picture of each step has, by the name of the step. */
const pictures = {
  tokens: ".token-ids li",
  prediction: ".prediction.chosen",
  head: ".head-picture canvas",
  cell: ".origin",
  scale: ".key-bars svg",
  stream: ".lens-cell",
  ablation: ".head-switch",
  training: ".lesson-controls button",
  kinds: ".head-picture canvas",
  yours: ".head-picture canvas",
};
const names = Object.keys(pictures);
const linkOf = (name) => `#/start?v=2&lesson=attention&step=${names.indexOf(name) + 1}`;
const at = (name) => ({ hash: linkOf(name), picture: `.step-${name} ${pictures[name]}` });
/** The mean loss that a bar tells. */
const lossOf = (page, index) =>
  page
    .locator(".loss-bars dd")
    .nth(index)
    .textContent()
    .then((text) => Number.parseFloat(text));
const lossOver = (page, least) =>
  page.waitForFunction((limit) => Number.parseFloat(document.querySelectorAll(".loss-bars dd")[1]?.textContent) > limit, least);

for (const [threads, headers] of Object.entries({ "with threads": isolation, "without threads": {} })) {
  describeRoom(
    `the lesson, ${threads}`,
    { picture: ".lesson" },
    (onPage) => {
      for (const [index, name] of names.entries()) {
        const isMain = headers === isolation;
        onPage(`step ${index + 1} by its link: ${name}`, { ...at(name), main: isMain }, async (page) => {
          await eventually.equal(() => page.locator(".lesson-steps [aria-current=step] .step-number").textContent(), String(index + 1));
          await eventually.equal(() => page.locator(".question-answer").isVisible(), false);
          await page.locator(".question-box summary").click();
          await eventually.ok(async () => (await page.locator(".question-answer").textContent()).length > 40);
        });
      }
    },
    headers,
  );
}

describeRoom("the lesson", at("tokens"), (onPage) => {
  onPage("goes through all steps and back with the browser", {}, async (page) => {
    for (const name of names.slice(1)) {
      await page.getByRole("button", { name: /^Next/ }).click();
      await page.waitForSelector(`.step-${name} ${pictures[name]}`);
      await eventually.ok(() => page.url().includes(`step=${names.indexOf(name) + 1}`));
    }
    await page.goBack();
    await page.waitForSelector(`.step-kinds ${pictures.kinds}`);
  });

  onPage("text that the model cannot read shows an error message, and the next text is read", {}, async (page) => {
    await page.fill(".lesson-text input", "q X");
    await page.waitForFunction(() => document.querySelector("#lesson-text-failure")?.textContent !== "");
    await page.fill(".lesson-text input", "qXqX");
    await page.waitForFunction(() => document.querySelectorAll(".token-ids li").length === 4);
    await eventually.equal(() => page.textContent("#lesson-text-failure"), "");
  });

  onPage("switching L0·H0 off makes the prediction fail, one induction head does not", { ...at("ablation"), main: true }, async (page) => {
    await lossOver(page, 0);
    const before = await lossOf(page, 0);
    await page.getByRole("switch", { name: "L1·H1" }).click();
    await page.waitForFunction(
      () => document.querySelectorAll(".loss-bars dd")[1].textContent !== document.querySelectorAll(".loss-bars dd")[0].textContent,
    );
    await eventually.ok(async () => (await lossOf(page, 1)) < before + 0.3);
    await page.getByRole("switch", { name: "L1·H1" }).click();
    await page.getByRole("switch", { name: /^L0·H0/ }).click();
    await lossOver(page, before + 1);
    const link = page.url();
    await page.reload();
    await lossOver(page, before + 1);
    await eventually.equal(() => page.url(), link);
    await eventually.equal(() => page.getByRole("switch", { name: /^L0·H0/ }).getAttribute("aria-checked"), "false");
  });

  onPage("without L0·H0 the prediction fails; with its output from another text it comes back", at("ablation"), async (page) => {
    const shown = (pattern) => page.locator(".prediction.chosen", { hasText: pattern }).waitFor();
    await shown(/q.*X/);
    await page.getByRole("switch", { name: /^L0·H0/ }).click();
    await lossOver(page, 3.5);
    await page.locator("label.switch").click();
    await page.waitForFunction(() => Number.parseFloat(document.querySelectorAll(".loss-bars dd")[1].textContent) < 2.8);
    await shown(/q.*X/);
    await page.getByRole("switch", { name: "L1·H1 on" }).click();
    await page.waitForFunction(() => decodeURIComponent(location.hash).includes('"kind":"patch"'));
    await page.getByRole("button", { name: "Undo the last change" }).click();
    await page.getByRole("switch", { name: "L1·H1 on" }).waitFor();
    await eventually.equal(() => page.getByRole("switch", { name: /^Patch/ }).isChecked(), true);
  });

  onPage("the picture of a step goes with the reader to another room", at("head"), async (page) => {
    await page.getByRole("link", { name: "See all heads in Explore" }).click();
    await page.waitForFunction(() => location.hash.startsWith("#/explore") && location.hash.includes("head=self.1.3"));
  });

  onPage("every step has its name, and a link without menus", at("head"), async (page) => {
    await page.getByRole("link", { name: "Step 5: Why divide by √dₖ?" }).click();
    await page.waitForSelector(`.step-scale ${pictures.scale}`);
    const [whole] = await Promise.all([page.waitForEvent("popup"), page.getByRole("link", { name: "This step without menus" }).click()]);
    await whole.waitForSelector(`.embedded .step-scale ${pictures.scale}`);
    await eventually.equal(() => whole.getByRole("link", { name: "This step without menus" }).isVisible(), false);
  });

  onPage("the tokens after the second start are shown with it", at("prediction"), async (page) => {
    const [box, chosen] = [await page.locator(".prediction-scroll").boundingBox(), await page.locator(".prediction.chosen").boundingBox()];
    const fromMiddle = Math.abs(chosen.x + chosen.width / 2 - box.x - box.width / 2);
    assert.ok(fromMiddle <= chosen.width / 2 + 1, "no other token is nearer to the middle than the chosen one");
  });

  onPage("a cell is that of the step before, with numbers beside the map in readable lines", at("cell"), async (page) => {
    await eventually.match(() => page.textContent(".origin .vectors"), /“q” \(12\).*“X” \(1\)/s);
    for (const how of await page.locator(".stage .step-how").all()) await eventually.ok(async () => (await how.boundingBox()).width > 100);
    const [map, numbers] = [await page.locator(".head-picture").boundingBox(), await page.locator(".origin").boundingBox()];
    assert.ok(numbers.x > map.x + map.width);
  });

  onPage("without the division, the wider the head, the larger its largest weight", at("scale"), async (page) => {
    const shown = async () => Number(/weight ([\d.]+)/.exec(await page.textContent(".lesson-picture"))[1]);
    const changed = async (change) => {
      const before = await shown();
      await change();
      await eventually.notEqual(shown, before);
      return shown();
    };
    const weightAt = (width) => changed(() => choose(page, "Width of the head, dₖ", width));
    for (const width of ["4", "16", "64", "256"]) assert.ok((await weightAt(width)) < 0.3, `divided, at ${width}`);
    await changed(() => page.getByRole("switch", { name: "divide by" }).press("Space"));
    const weights = [];
    for (const width of ["4", "16", "64", "256"]) weights.push(await weightAt(width));
    assert.deepEqual(
      weights,
      weights.toSorted((a, b) => a - b),
    );
    assert.ok(weights[0] < 0.4 && weights[2] > 0.9 && weights[3] > 0.99, weights.join());
  });

  onPage("the plot of the training reads its last step", at("training"), async (page) => {
    await page.getByRole("button", { name: "Train" }).click();
    await page.waitForFunction(() => Number(/step (\d+)/.exec(document.querySelector(".plot-reading")?.textContent)?.[1]) > 3);
    await page.getByRole("button", { name: "Stop" }).click();
  });

  onPage("on a phone the picture stands before its question", { ...at("head"), viewport: { width: 390, height: 800 } }, async (page) => {
    const [picture, question] = [await page.locator(".lesson-picture").boundingBox(), await page.locator(".question-box").boundingBox()];
    assert.ok(picture.y + picture.height <= question.y);
  });

  onPage("each kind of attention shows its own map", at("kinds"), async (page) => {
    for (const [label, name] of [
      ["Cross", "cross L1·H2"],
      ["Several heads", "L2·H2"],
      ["Both directions", "encoder L0·H0"],
      ["Padding", "L2·H3"],
    ]) {
      await choose(page, "Kind of attention", label);
      await page.waitForFunction((wanted) => document.querySelector(".head-picture strong")?.textContent === wanted, name);
    }
  });

  onPage("each kind of attention has a question of its own, and several heads can be chosen", at("kinds"), async (page) => {
    const questions = new Set();
    for (const label of ["Causal", "Both directions", "Cross", "Padding", "Several heads"]) {
      await choose(page, "Kind of attention", label);
      questions.add(await page.textContent(".question-text"));
      await eventually.equal(() => page.locator(".question-answer").isVisible(), false, `the answer of ${label} is closed`);
      await page.locator(".question-box summary").click();
    }
    assert.equal(questions.size, 5);
    await page.locator(".head-tile", { hasText: "L1·H2" }).click();
    await page.waitForFunction(() => document.querySelector(".head-picture strong")?.textContent === "L1·H2");
    await eventually.equal(() => page.getByLabel("Several heads").isChecked(), true);
  });

  onPage("a small map shows the score that gave the head its label", at("head"), async (page) => {
    const scoreOf = async (name) => {
      const tile = page.locator(".head-tile", { hasText: name });
      await tile.locator(".head-tile-label", { hasText: /./ }).waitFor();
      return Number.parseFloat(await tile.locator(".head-tile-score strong").textContent());
    };
    await eventually.ok(async () => (await scoreOf("L0·H0")) > 0.4, "the previous-token head");
    await eventually.ok(async () => (await scoreOf("L1·H3")) > 0.9, "an induction head");
  });

  onPage(
    "embedded, a step has no controls of the page",
    { hash: `${linkOf("head")}&embed=1`, picture: ".head-picture canvas" },
    async (page) => {
      await eventually.equal(() => page.locator(".page-head").isVisible(), false);
    },
  );

  for (const width of [320, 1280]) {
    onPage(`small maps name their label whole at ${width} px`, { ...at("head"), viewport: { width, height: 800 } }, async (page) => {
      const label = page.locator(".head-tile-label > :first-child", { hasText: "induction" }).first();
      await eventually.equal(() => label.evaluate((each) => each.scrollWidth - each.clientWidth), 0);
    });
  }

  onPage("the map of a short text uses a wide page", { ...at("kinds"), viewport: { width: 2560, height: 1300 } }, async (page) => {
    await eventually.ok(async () => (await page.locator(".head-picture canvas").boundingBox()).width > 400);
  });

  onPage("a term wraps like the words around it", { ...at("head"), viewport: { width: 320, height: 800 } }, async (page) => {
    const term = page.getByRole("button", { name: "a head that looks everywhere alike", exact: true });
    const lines = [];
    for (const width of [280, 300, 320, 340, 360]) {
      await page.setViewportSize({ width, height: 800 });
      lines.push(await term.evaluate((word) => word.getClientRects().length));
    }
    assert.ok(lines.includes(2), `the term has ${lines.join(", ")} lines`);
  });

  for (const width of [320, 390, 2560]) {
    onPage(`no step is wider than a page of ${width} px`, { viewport: { width, height: 800 } }, async (page) => {
      for (const name of names) {
        await page.evaluate((hash) => (location.hash = hash), linkOf(name));
        await page.waitForSelector(`.step-${name} ${pictures[name]}`);
        await eventually.ok(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} at ${width} px`);
      }
    });
  }
});
