import assert from "node:assert/strict";
import { computeWorker, killWorker } from "./kill-worker.mjs";
import { exploreMadeModel, letters } from "./made-model.mjs";
import { describeFrame, isQuiet, isReady, noticeWith } from "./on-frame.mjs";
import { limitMemory } from "./short-memory.mjs";
import { whileFrozen } from "./while-frozen.mjs";
import { eventually } from "./eventually.mjs";

/** A model that takes 160 MB for a text of 900 tokens, for the weights and the feed-forward network of its layer, and little for a short one. */
const thirsty = { maxLength: 1024, numHeads: 32, numLayers: 1, dModel: 64, hiddenDim: 8192 };
const little = 56 * 2 ** 20;

describeFrame("the life of the worker", (onPage) => {
  onPage("a worker that is killed while it is idle is replaced, and the next picture is drawn", "#/layer?of=play", async (page) => {
    await isReady(page);
    await isQuiet(page);
    await killWorker(page);
    await noticeWith(page, "Computing was started again, because the browser ended the part of the page that computes.");
    await page.getByLabel("Seed").fill("7");
    await page.waitForFunction(() => location.hash.includes("seed=7"));
    await isQuiet(page);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.waitForFunction(() => document.querySelector(".notice") === null);
  });

  onPage("a worker that is killed while it starts is replaced", undefined, async (page, _problems, url) => {
    const isWorker = (worker) => worker.url().includes("compute.worker");
    await Promise.all([page.waitForEvent("worker", { predicate: isWorker }), page.goto(`${url}#/layer?of=play`)]);
    await killWorker(page);
    await isReady(page);
    await page.waitForSelector("#box");
  });

  onPage("a worker that is killed three times is started again by the reader", "#/layer?of=play", async (page) => {
    for (let each = 0; each < 3; each++) {
      await isReady(page);
      await killWorker(page);
      await page.waitForFunction(() => document.querySelector(".chip-details") === null, undefined, { polling: 5 }).catch(() => {});
    }
    await noticeWith(page, "has stopped 3 times in a row");
    await eventually.match(() => page.textContent(".chip.bad"), /Nothing can be computed/);
    await page.getByRole("button", { name: "Start again" }).click();
    await isReady(page);
    await page.getByLabel("Seed").fill("7");
    await page.waitForFunction(() => location.hash.includes("seed=7"));
  });

  onPage("a frozen tab resumes when it is shown again", "#/layer?of=play", async (page) => {
    await isReady(page);
    await whileFrozen(page, 15_000);
    await page.getByLabel("Seed").fill("7");
    await page.waitForFunction(() => location.hash.includes("seed=7"));
    await page.waitForFunction(() => document.querySelector(".notice") === null);
  });

  onPage("a missing WebAssembly file is said in plain words, and a new try works", undefined, async (page, problems, url) => {
    await page.route("**/*.wasm", (route) => route.fulfill({ status: 404, body: "not found" }));
    await page.goto(`${url}#/layer?of=play`);
    await noticeWith(page, "A file that the page needs for computing could not be fetched.");
    await eventually.match(
      () => page.textContent(".notice"),
      /Check the connection and try again.*Texts, links and the glossary work without it/,
    );
    await eventually.doesNotMatch(() => page.textContent("main"), /something above has to change/i);
    await page.unroute("**/*.wasm");
    await page.getByRole("button", { name: "Start again" }).click();
    await isReady(page);
    assert.ok(problems.splice(0).every((problem) => /404/.test(problem)));
  });

  onPage("in Explore a new worker opens the model again and answers", "#/explore", async (page) => {
    await isReady(page);
    await isQuiet(page);
    await killWorker(page);
    await noticeWith(page, "Computing was started again");
    await page.locator("#text").fill("abcabc");
    await page.waitForFunction(() => document.querySelector(".workspace-tokens")?.textContent.startsWith("6 tokens"));
    await isQuiet(page);
    await eventually.equal(() => page.locator(".failure:not(:empty)").count(), 0);
  });

  onPage("a worker that is busy for long is not replaced, and the page says that it takes long", "#/layer?of=play", async (page) => {
    await isReady(page);
    await isQuiet(page);
    const worker = computeWorker(page);
    const busy = worker.evaluate(() => {
      const end = performance.now() + 20_000;
      while (performance.now() < end);
    });
    await noticeWith(page, "The computation takes long.");
    await busy;
    await page.waitForFunction(() => document.querySelector(".notice") === null);
    assert.equal(computeWorker(page), worker);
  });

  onPage("the reader can stop a computation that does not end", "#/layer?of=play", async (page) => {
    await isReady(page);
    await isQuiet(page);
    void computeWorker(page)
      .evaluate(() => {
        for (;;);
      })
      .catch(() => {});
    await noticeWith(page, "The computation takes long.");
    await page.getByRole("button", { name: "Stop it" }).click();
    await page.getByLabel("Seed").fill("7");
    await page.waitForFunction(() => location.hash.includes("seed=7"));
  });
});

describeFrame("a worker whose memory runs out", (onPage) => {
  onPage("is replaced, and the next one computes what was asked", undefined, async (page, _problems, url) => {
    await limitMemory(page, little, 1);
    await page.goto(url);
    await exploreMadeModel(page, thirsty, letters(20));
    const first = computeWorker(page);
    await page.locator("#text").fill(letters(1000));
    await noticeWith(page, "Computing was started again, because there was not enough memory.");
    await page.waitForSelector('.heat-map [role=grid][aria-rowcount="1000"]', { state: "attached", timeout: 60_000 });
    await isQuiet(page);
    for (let tries = 0; tries < 50 && computeWorker(page) === first; tries++) await page.waitForTimeout(100); // until the end of the old one is known
    assert.ok(computeWorker(page) !== first, "the worker was replaced");
    await eventually.deepEqual(() => failures(page), []);
  });

  onPage("a second time is only said: the text is kept, and a shorter one is read", undefined, async (page, _problems, url) => {
    let workers = 0;
    page.on("worker", (worker) => (workers += Number(worker.url().includes("compute.worker"))));
    await limitMemory(page, little);
    await page.goto(url);
    await exploreMadeModel(page, thirsty, letters(20));
    await page.locator("#text").fill(letters(1000));
    const said = /There is not enough memory for this text\. Try a shorter one\.|This has no answer, because there was not enough memory/;
    await page.locator(".room .failure, .room [role=alert]").filter({ hasText: said }).first().waitFor(); // of the call that failed, or of one beside it
    await isReady(page);
    await isQuiet(page);
    let replaced = -1; // another call of the same text may fail a moment later
    for (let tries = 0; tries < 4 && replaced !== workers; tries++) {
      replaced = workers;
      await page.waitForTimeout(3000);
    }
    assert.equal(workers, replaced, "nothing is tried again and again");
    await eventually.equal(() => page.inputValue("#text"), letters(1000));
    await page.locator("#text").fill(letters(30));
    await page.waitForSelector('.heat-map [role=grid][aria-rowcount="30"]', { state: "attached" });
    await isQuiet(page);
    await eventually.deepEqual(() => failures(page), []);
  });
});

/** What the page says did not work. */
const failures = async (page) => (await page.locator(".failure, .again-line").allTextContents()).filter((text) => text !== "");
