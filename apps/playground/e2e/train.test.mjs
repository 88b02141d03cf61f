import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { loadModel } from "@tfblocks/transformer/hugging-face";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import { setupWasm } from "@tfblocks/wasm";
import { openSafetensors } from "@tfblocks/weights";
import { seriousFindings } from "./axe.mjs";
import { killWorker } from "./kill-worker.mjs";
import { noticeWith } from "./on-frame.mjs";
import { exploreMadeModel, letters } from "./made-model.mjs";
import { describeRoom } from "./on-page.mjs";
import { settled } from "./open-page.mjs";
import { colorsToPaint, slowdown } from "./paint-times.mjs";
import { outsideElements, pixelsOf, tasksDuring, watchFrames } from "./read-page.mjs";
import { savedFiles } from "./saved-file.mjs";
import { limitMemory } from "./short-memory.mjs";
import { unzip } from "./unzip.mjs";
import { whileFrozen } from "./while-frozen.mjs";
import { eventually } from "./eventually.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });
const startRun = (page) => page.locator(".run-buttons .strong").first().click();
const phaseIs = (page, phase, timeout = 120_000) => page.waitForSelector(`tr[data-run][data-phase=${phase}]`, { timeout });
const stepOf = async (page) => Number(/step (\d+)/.exec(await page.textContent("tr[data-run] td .run-settings"))[1]);
const stepIsAtLeast = (page, step) =>
  page.waitForFunction(
    (least) => Number(/step (\d+)/.exec(document.querySelector("tr[data-run] td .run-settings")?.textContent ?? "")?.[1] ?? 0) >= least,
    step,
    { timeout: 60_000 },
  );
const cursor = (page) => page.getByRole("slider", { name: /^Step/ });
/** Enough to prepare a training with 64 examples a step, not for its first step. */
const tooLittle = 40 * 2 ** 20;
const shownStep = async (page) => Number(await page.textContent(".timeline-slider strong"));

describeRoom("the Train room", { hash: "#/train?steps=40&batch=8", picture: ".run-buttons .strong" }, (onPage) => {
  onPage("trains, and one cursor moves loss, heads, maps and what the model writes", {}, async (page) => {
    await page.waitForFunction(() => /ms a step/.test(document.querySelector(".estimate").textContent));
    await startRun(page);
    await phaseIs(page, "finished");
    await eventually.equal(() => stepOf(page), 40);
    await eventually.match(
      () => page.textContent("#loss .plot-reading"),
      /^step 40training loss .*held-out loss .*all 64 tokens alike 4\.16/,
    );
    const last = { map: (await pixelsOf(page, "#maps .heat-map canvas")).print, heads: await page.textContent("#heads .plot-reading") };
    await cursor(page).focus();
    await page.keyboard.press("Home");
    await eventually.equal(() => shownStep(page), 0);
    await eventually.match(() => page.url(), /step=0/);
    await eventually.notEqual(async () => (await pixelsOf(page, "#maps .heat-map canvas")).print, last.map);
    await eventually.notEqual(() => page.textContent("#heads .plot-reading"), last.heads);
    await eventually.match(() => page.textContent("#loss .plot-reading"), /^step 0/);
    await eventually.equal(() => page.textContent("#use-title"), "The model of step 0");
    await page.getByRole("slider", { name: "Loss by step" }).focus();
    await page.keyboard.press("ArrowRight");
    await eventually.equal(() => shownStep(page), 1);
    await button(page, "Play").click();
    await page.waitForFunction(() => Number(document.querySelector(".timeline-slider strong").textContent) > 3);
    await button(page, "Pause").click();
    await eventually.deepEqual(() => seriousFindings(page), []);
  });

  onPage("a second run stands beside the first, a reload keeps both, and one is deleted", {}, async (page) => {
    await startRun(page);
    await phaseIs(page, "finished");
    await page.getByLabel("Seed", { exact: true }).fill("7");
    await startRun(page);
    await page.waitForFunction(() => document.querySelectorAll("tr[data-run][data-phase=finished]").length === 2);
    await eventually.equal(async () => (await page.locator("#loss .plot-line[d]").count()) > 4, true);
    await eventually.equal(() => page.locator("#maps .head-grid").count(), 2);
    const losses = await page.locator("tr[data-run] td:nth-child(3)").allTextContents();
    await page.waitForTimeout(400); // the link is saved
    await page.reload();
    await page.waitForSelector("#maps .head-grid >> nth=1");
    await eventually.deepEqual(() => page.locator("tr[data-run] td:nth-child(3)").allTextContents(), losses);
    await page.getByRole("button", { name: /^Delete .*seed 7/ }).click();
    await page.getByRole("button", { name: /^Delete .*seed 7 with its weights for good/ }).click();
    await page.waitForFunction(() => document.querySelectorAll("tr[data-run]").length === 1);
  });

  onPage("a run of another task is shown alone, from its first step on", {}, async (page) => {
    await startRun(page);
    await phaseIs(page, "finished");
    await page.getByLabel("What to train").selectOption({ label: "Copy" });
    await page.getByLabel("Steps", { exact: true }).fill("4");
    await startRun(page);
    await page.waitForFunction(() => document.querySelectorAll("tr[data-run][data-phase=finished]").length === 2);
    await eventually.equal(() => page.locator("#maps .head-grid").count(), 1);
    await eventually.equal(() => shownStep(page), 4);
  });

  onPage("on a phone all columns of the runs are on the page", { viewport: { width: 390, height: 844 } }, async (page) => {
    await startRun(page);
    const { x, width } = await page.locator(".runs .plain-button", { hasText: "Delete" }).boundingBox();
    assert.ok(x + width <= 390);
  });

  onPage("a training pauses, resumes, and still runs in the next room", { hash: "#/train?steps=5000&batch=8" }, async (page) => {
    await startRun(page);
    await stepIsAtLeast(page, 3);
    await eventually.match(() => page.textContent(".run-progress"), /^Induction heads: step \d+ of 5000/);
    await page.getByLabel("What to train").selectOption({ label: "A text of your own" });
    await page.fill("#training-text", "too short");
    await button(page, "Start a new run").click();
    await page.waitForFunction(() => /too few to learn from/.test(document.querySelector("#training-failure").textContent));
    await phaseIs(page, "running");
    await button(page, "Pause").first().click();
    await phaseIs(page, "paused");
    const paused = await stepOf(page);
    await page.waitForTimeout(1000);
    await eventually.equal(() => stepOf(page), paused);
    await button(page, "Resume").click();
    await stepIsAtLeast(page, paused + 3);
    await page.locator(".page-nav a[href^='#/layer']").click();
    await page.waitForSelector("#stage");
    await page.waitForTimeout(1500);
    await page.goBack();
    await page.waitForSelector("tr[data-run]");
    await eventually.ok(async () => (await stepOf(page)) > paused + 3);
    await phaseIs(page, "running");
    await button(page, "Stop").click();
    await phaseIs(page, "stopped");
  });

  onPage("a training in a frozen tab resumes when the tab is shown again", { hash: "#/train?steps=5000&batch=8" }, async (page) => {
    await startRun(page);
    await stepIsAtLeast(page, 3);
    await whileFrozen(page, 15_000);
    await stepIsAtLeast(page, (await stepOf(page)) + 3);
    await phaseIs(page, "running");
    await eventually.equal(() => page.locator(".notice").count(), 0);
    await button(page, "Stop").click();
    await phaseIs(page, "stopped");
  });

  onPage(
    "a training resumes from its checkpoint after a killed worker and a reload, bit for bit",
    { hash: "#/train?steps=80&batch=4" },
    async (page) => {
      await startRun(page);
      await phaseIs(page, "finished");
      const whole = await page.locator("tr[data-run]").first().locator("td").nth(1).textContent();
      const wholeSample = await page.textContent("#use .sample strong");
      await startRun(page);
      await page.waitForFunction(() => document.querySelectorAll("tr[data-run]").length === 2);
      await stepIsAtLeast(page, 10);
      await killWorker(page);
      await stepIsAtLeast(page, 30);
      await page.reload();
      await page.waitForFunction(() => document.querySelectorAll("tr[data-run][data-phase=finished]").length === 2, undefined, {
        timeout: 60_000,
      });
      await eventually.equal(() => page.locator("tr[data-run]").first().locator("td").nth(1).textContent(), whole);
      await eventually.equal(() => page.textContent("#use .sample strong"), wholeSample);
    },
  );

  onPage("the model writes with a temperature, opens in Explore, and its zip opens elsewhere", {}, async (page) => {
    await startRun(page);
    await phaseIs(page, "finished");
    await page.getByRole("slider", { name: /^Temperature/ }).fill("1");
    await button(page, "Generate").click();
    await page.waitForFunction(() => document.querySelector(".written")?.textContent !== "");
    const { JSON: map } = await savedFiles(page, page.locator("#maps .chosen-head .export-menu"));
    assert.match(JSON.parse(map).model, /^Induction heads, seed 0, step 40$/);
    await eventually.match(
      async () => (await savedFiles(page, page.locator("#maps .stacked .export-menu"), ["PNG", "SVG"])).SVG,
      /L0·H0.*L1·H/s,
    );
    await eventually.match(
      async () => (await savedFiles(page, page.locator("#metrics .export-menu"), ["JSON", "CSV"])).CSV,
      /^step,metric,value,target\r\n0,.*\r\n40,/s,
    );
    const { TXT, JSON: json } = await savedFiles(page, page.locator("#use > .export-menu"), ["TXT", "JSON"]);
    assert.equal(TXT, await page.textContent(".written"));
    assert.deepEqual([JSON.parse(json).written.temperature, JSON.parse(json).written.text], [1, TXT]);
    const samples = await savedFiles(page, page.locator("#use .sample .export-menu"), ["TXT", "JSON", "CSV"]);
    assert.equal(samples.TXT, await page.textContent("#use .sample strong"));
    assert.match(samples.CSV, /^step,text\r\n0,/);
    await page.fill("#prompt", "§§");
    await button(page, "Generate").click();
    await page.waitForFunction(() => /vocabulary/.test(document.querySelector("#prompt-failure")?.textContent ?? ""));
    const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Download as zip").click()]);
    assert.equal(download.suggestedFilename(), "induction-heads-step-40.zip");
    const files = unzip(await readFile(await download.path()));
    const folder = "induction-heads-step-40";
    assert.deepEqual(
      Object.keys(files).toSorted(),
      ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"].map((each) => `${folder}/${each}`),
    );
    await setupWasm({ threads: 1 });
    const { model } = await loadModel({
      config: JSON.parse(files[`${folder}/config.json`]),
      weights: await openSafetensors(files[`${folder}/model.safetensors`]),
    });
    const { vocabSize } = loadTokenizer(files[`${folder}/tokenizer.json`].toString());
    assert.equal(model.input.tokenEmbedding.weight.shape[0], vocabSize);
    await page.getByRole("link", { name: "Look at it in Explore" }).click();
    await page.waitForSelector(".head-grid canvas");
    await page.waitForFunction(() => document.body.textContent.includes("trained here"));
  });

  onPage(
    "a text of the reader: markup, emoji and right-to-left",
    { hash: "#/train?recipe=text&steps=20&batch=4&context=16" },
    async (page) => {
      const text = "<script>alert(1)</script> 👩‍🚀 مرحبا بالعالم, once upon a time. ".repeat(20);
      await page.fill("#training-text", "too short");
      await startRun(page);
      await page.waitForFunction(() => /too few to learn from/.test(document.querySelector("#training-failure").textContent));
      await eventually.equal(() => page.inputValue("#training-text"), "too short");
      await page.fill("#training-text", text);
      await startRun(page);
      await phaseIs(page, "finished");
      await eventually.equal(() => page.textContent("#training-failure"), "");
      await eventually.match(() => page.textContent("tr[data-run] th"), /^Your text2 × 4 heads, vector size 64/);
    },
  );

  onPage("a text of 5 MB is cut, and said to be", { hash: "#/train?recipe=text&steps=4&batch=4" }, async (page) => {
    const name = "large.txt";
    const buffer = Buffer.from("All work and no play makes Jack a dull boy.\n".repeat(120_000));
    await page.setInputFiles("input[type=file]", { name, mimeType: "text/plain", buffer });
    await page.waitForSelector(".long-text");
    await eventually.match(() => page.textContent(".text-source"), /2,000,000 characters.*yours was longer/s);
    await startRun(page);
    await phaseIs(page, "finished", 120_000);
  });

  onPage(
    "a learning rate that breaks the training is named",
    { hash: "#/train?recipe=text&steps=300&batch=4&context=16&rate=1000" },
    async (page) => {
      await page.fill("#training-text", "The cat sat on the mat, and the dog sat on the log. ".repeat(30));
      await startRun(page);
      await phaseIs(page, "failed");
      await eventually.match(() => page.textContent(".run-failure"), /the learning rate 1000 is too high.*for example 100/s);
      await page.getByRole("alert").filter({ hasText: "the learning rate 1000 is too high" }).waitFor();
    },
  );

  onPage("a training that runs out of memory resumes in a new worker", { hash: "#/train?steps=20&batch=64" }, async (page) => {
    await limitMemory(page, tooLittle, 2);
    await page.reload();
    await noticeWith(page, "there was not enough memory"); // the first steps are measured
    await startRun(page);
    await phaseIs(page, "finished");
    await eventually.equal(() => stepOf(page), 20);
    await eventually.equal(() => page.textContent("#training-failure"), "");
  });

  onPage("where memory runs out again, it is paused and announced", { hash: "#/train?steps=20&batch=64" }, async (page) => {
    await limitMemory(page, tooLittle);
    await page.reload();
    await noticeWith(page, "there was not enough memory");
    await startRun(page);
    await phaseIs(page, "paused");
    await page.getByRole("alert").filter({ hasText: "There is not enough memory for this training." }).waitFor();
    await eventually.match(() => page.textContent(".run-failure"), /Close other tabs/);
    await eventually.equal(() => button(page, "Resume").count(), 1);
  });

  onPage("two tabs train runs of their own, and neither takes the other's", { hash: "#/train?steps=5000&batch=8" }, async (page) => {
    await startRun(page);
    await stepIsAtLeast(page, 2);
    const other = await page.context().newPage();
    await other.goto(
      page
        .url()
        .replace(/steps=5000/, "steps=6")
        .replace(/&run=\w+/, ""),
    );
    await other.waitForSelector("tr[data-phase=elsewhere]");
    await startRun(other);
    await phaseIs(other, "finished");
    await phaseIs(page, "running");
    await button(page, "Stop").click();
    await phaseIs(page, "stopped");
    await other.waitForFunction(() => document.querySelector("tr[data-phase=elsewhere]") === null);
    await other.waitForSelector("tr[data-phase=stopped]");
    await other.close();
  });

  onPage("training does not block the page", {}, async (page) => {
    const longestFrame = await watchFrames(page);
    const started = Date.now();
    await startRun(page);
    await phaseIs(page, "finished");
    const [wait, longest] = [Date.now() - started, await longestFrame()];
    // A share of the wait, not a time, because a busy machine slows both. Training on the page would take nearly all of it.
    assert.ok(longest < wait / 3, `the page was blocked for ${longest} of ${wait} ms`);
  });

  onPage("12 × 12 maps of 64 tokens change within 100 ms while a training runs", { hash: "#/train?steps=5000" }, async (page) => {
    await startRun(page);
    await stepIsAtLeast(page, 3);
    await exploreMadeModel(page, { numLayers: 12, numHeads: 12 }, letters(64));
    await settled(page);
    const [times, work] = [[], []];
    for (const ramp of ["Viridis", "Cividis", "One hue", "Viridis", "Cividis", "One hue", "Viridis", "Cividis"]) {
      await page.waitForTimeout(500);
      const tasks = await tasksDuring(page, async () => times.push(Math.round(await colorsToPaint(page, ramp, 143))));
      work.push(Math.round(tasks.reduce((sum, task) => sum + task, 0)));
    }
    assert.ok(Math.min(...work) <= 70, `the page worked for ${work.join(", ")} ms`);
    assert.ok(Math.min(...times) <= 100 * slowdown(), `the last map changed after ${times.join(", ")} ms, slowdown ${slowdown()}`);
    await page.evaluate(() => (location.hash = "#/train"));
    await phaseIs(page, "running");
  });

  for (const width of [320, 390, 2560]) {
    onPage(`nothing is wider than a screen of ${width} pixels`, { viewport: { width, height: 900 } }, async (page) => {
      await startRun(page);
      await phaseIs(page, "finished");
      await eventually.deepEqual(() => outsideElements(page, "main"), []);
    });
  }
});

/** The mean loss of a trained model on its probe, with all heads and without one. */
async function lossWithout(page, model, part, head) {
  const edits = JSON.stringify([{ kind: "ablate", part, heads: [head], by: "zero" }]);
  await page.goto(`${page.url().split("#")[0]}#/change?${new URLSearchParams({ model, edits })}`);
  const numbers = page.locator(".loss-change strong");
  await numbers.nth(1).waitFor({ timeout: 30_000 });
  return (await numbers.allTextContents()).map(Number);
}

describeRoom("the Train room, on the induction recipe", { hash: "#/train", picture: ".run-buttons .strong" }, (onPage) => {
  onPage("a head becomes an induction head, and the score falls when it is switched off", {}, async (page) => {
    await startRun(page);
    const event = page.locator(".event", { hasText: "became an induction head" }).first();
    await event.waitFor({ timeout: 280_000 });
    const [, step, layer, head] = /step (\d+): L(\d)·H(\d)/.exec(await event.textContent());
    assert.ok(Number(step) >= 150 && Number(step) <= 700, `the label came at step ${step}`);
    assert.equal(layer, "1");
    await button(page, "Stop").click();
    await phaseIs(page, "stopped");
    const key = await page.getAttribute("tr[data-run]", "data-run");
    const last = (await page.textContent("#use-title")).match(/\d+/)[0];
    const [before, after] = await lossWithout(page, `run-${key}-${last}`, `layers.${layer}.attention`, Number(head));
    assert.ok(after > before, `the loss is ${before} with the head, and ${after} without it`);
  });
});
