import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { loadModel } from "@tfblocks/transformer/hugging-face";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import { setupWasm } from "@tfblocks/wasm";
import { openSafetensors } from "@tfblocks/weights";
import { describeRoom } from "./on-page.mjs";
import { choose, outsideElements, pixelsOf, watchFrames } from "./read-page.mjs";
import { unzip } from "./unzip.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });
const phaseIs = (page, phase) => page.waitForSelector(`[data-phase=${phase}]`, { timeout: 60_000 });
const stepOf = async (page) => Number(/step (\d+)/.exec(await page.textContent("#loss .map-reading"))[1]);

describeRoom("the training room", { hash: "#/training?v=1&steps=40", picture: ".run-buttons" }, (onPage) => {
  onPage("trains, shows loss and attention, evaluates, generates text and downloads the model", {}, async (page) => {
    await button(page, "Start").click();
    await phaseIs(page, "finished");
    assert.equal(await stepOf(page), 40);
    assert.match(await page.textContent("#loss .plot-reading"), /^step 40loss .*uniform guess 4\.16/);
    const probe = "#probe .tensor-map canvas";
    const trained = await pixelsOf(page, probe);
    await page.getByRole("slider", { name: /^Snapshot at step/ }).fill("0");
    await page.waitForFunction(() => document.querySelector(".snapshot-slider")?.textContent.includes("step 0"));
    assert.notEqual((await pixelsOf(page, probe)).print, trained.print);
    await choose(page, "Layer", "1");
    assert.ok((await page.locator("#metrics tbody tr").count()) >= 2);
    await button(page, "Generate").click();
    await page.waitForFunction(() => document.querySelector(".written")?.textContent !== "");
    const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Download the model").click()]);
    assert.equal(download.suggestedFilename(), "induction.zip");
    const files = unzip(await readFile(await download.path()));
    assert.deepEqual(
      Object.keys(files).toSorted(),
      ["config.json", "model.safetensors", "tokenizer.json"].map((each) => `induction/${each}`),
    );
    await setupWasm({ threads: 1 });
    const { model } = await loadModel({
      config: JSON.parse(files["induction/config.json"]),
      weights: await openSafetensors(files["induction/model.safetensors"]),
    });
    const { vocabSize } = loadTokenizer(files["induction/tokenizer.json"].toString());
    assert.equal(model.input.tokenEmbedding.weight.shape[0], vocabSize);
  });

  onPage("pauses, resumes and stops", { hash: "#/training?v=1&steps=5000" }, async (page) => {
    await button(page, "Start").click();
    await page.waitForSelector("#loss .plot-line");
    await button(page, "Pause").click();
    await phaseIs(page, "paused");
    await page.waitForTimeout(1500);
    const paused = await stepOf(page);
    await page.waitForTimeout(800);
    assert.equal(await stepOf(page), paused);
    await button(page, "Resume").click();
    await page.waitForFunction(
      (step) => Number(/step (\d+)/.exec(document.querySelector("#loss .map-reading").textContent)[1]) > step,
      paused,
    );
    await button(page, "Stop").click();
    await phaseIs(page, "stopped");
    await button(page, "Generate").click();
    await page.waitForFunction(() => document.querySelector(".written")?.textContent !== "");
  });

  onPage("training does not block the page", {}, async (page) => {
    const longestFrame = await watchFrames(page);
    const started = Date.now();
    await button(page, "Start").click();
    await phaseIs(page, "finished");
    const [wait, longest] = [Date.now() - started, await longestFrame()];
    // A share of the wait, not a time, because a busy machine slows both. Training on the page would take nearly all of it.
    assert.ok(longest < wait / 3, `the page was blocked for ${longest} of ${wait} ms`);
  });

  onPage("leaving the room stops the training and frees its memory", { hash: "#/training?v=1&steps=5000" }, async (page) => {
    await button(page, "Start").click();
    await page.waitForSelector("#loss .plot-line");
    await page.click("nav a[href='#/layer']");
    await page.waitForSelector("#cost");
    await page.getByLabel("Seed").fill("1");
    await page.waitForFunction(
      () => document.querySelector("#cost")?.dataset.liveTensors === "0" && location.hash.includes("seed=1"),
      undefined,
      {
        timeout: 20_000,
      },
    );
  });

  onPage("a prompt outside the vocabulary gives a message", {}, async (page) => {
    await button(page, "Start").click();
    await phaseIs(page, "finished");
    await page.fill("#prompt", "§§");
    await button(page, "Generate").click();
    await page.waitForFunction(() => /vocabulary/.test(document.querySelector("#prompt-failure")?.textContent ?? ""));
  });

  onPage("nothing is wider than a screen of 390 pixels", { viewport: { width: 390, height: 844 } }, async (page) => {
    await button(page, "Start").click();
    await phaseIs(page, "finished");
    assert.deepEqual(await outsideElements(page), []);
  });
});
