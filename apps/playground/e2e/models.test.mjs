import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { seriousFindings } from "./axe.mjs";
import { killWorker } from "./kill-worker.mjs";
import { describeRoom } from "./on-page.mjs";
import { outsideElements } from "./read-page.mjs";
import { tinyModel, writeFolder, zipOf } from "./tiny-model.mjs";
import { eventually } from "./eventually.mjs";

/** One model of each kind of architecture, and what the page says that it predicts. */
const families = {
  gpt2: "the next token",
  "bert-masked-lm": "masked tokens",
  "roberta-masked-lm": "masked tokens",
  "distilbert-bare": "no words",
  "llama-llama3": "the next token",
  gemma2: "the next token",
  gemma3: "the next token",
  "gpt-neox": "the next token",
  "t5-gated-gelu": "the next token",
};
const room = { hash: "#/models", picture: ".model-facts" };

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), "models-"))));
after(() => rm(folder, { recursive: true }));

const idle = (page) => page.waitForSelector(".room[aria-busy=false]");
const factsOf = (page) =>
  page.$$eval(".model-facts > div", (facts) => Object.fromEntries(facts.map((fact) => [...fact.children].map((each) => each.textContent))));
const pick = (page, label, paths) => page.getByLabel(label, { exact: true }).setInputFiles(paths);
const failure = async (page) => {
  await page.waitForFunction(() => document.querySelector("#files-failure")?.textContent !== "");
  await idle(page);
  return page.textContent("#files-failure");
};
/** Waits until a model of the reader is open. */
async function opened(page, title) {
  await page.waitForFunction((wanted) => document.querySelector(".model-picker select")?.selectedOptions[0]?.textContent === wanted, title);
  await page.waitForSelector(".model-facts");
  await idle(page);
}

/** Drops files, as `[path, content]`, onto the page; those with a folder in their path lie in folders. */
async function drop(page, files) {
  await page.evaluate(
    (list) => {
      const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      const entryOf = (path, name, content) => ({
        isFile: true,
        isDirectory: false,
        fullPath: path,
        file: (resolve) => resolve(new File([bytesOf(content)], name)),
      });
      const folderOf = (path, entries) => ({
        isFile: false,
        isDirectory: true,
        fullPath: path,
        createReader: () => {
          const parts = [entries.slice(0, 2), entries.slice(2), []];
          return { readEntries: (resolve) => resolve(parts.shift()) };
        },
      });
      const roots = new Map();
      for (const [path, content] of list) {
        const [root, name] = path.split("/");
        const entry = entryOf(`/${path}`, name ?? root, content);
        if (name === undefined) roots.set(root, [entry]);
        else roots.set(root, [...(roots.get(root) ?? []), entry]);
      }
      const entries = [...roots].map(([root, inside]) => (inside[0].fullPath === `/${root}` ? inside[0] : folderOf(`/${root}`, inside)));
      const items = entries.map((entry) => ({ webkitGetAsEntry: () => entry }));
      for (const type of ["dragover", "drop"]) {
        const event = new Event(type, { bubbles: true, cancelable: true });
        Object.defineProperty(event, "dataTransfer", { value: { types: ["Files"], items, files: [] } });
        document.body.dispatchEvent(event);
      }
    },
    files.map(([path, content]) => [path, content.toString("base64")]),
  );
}

describeRoom("your model", room, (onPage) => {
  const lacks = { firefox: "Playwright can pick no folder in it.", webkit: "It lets the reader pick files, but no folder." };
  onPage("every family opens from a folder and from a zip, with the facts of its config, and leads to Explore", { lacks }, async (page) => {
    for (const [name, predicts] of Object.entries(families)) {
      const files = await tinyModel(name);
      await pick(page, "Choose a folder", await writeFolder(join(folder, `${name}-folder`), files));
      await opened(page, `${name}-folder`);
      const facts = await factsOf(page);
      const config = JSON.parse(files["config.json"]);
      assert.equal(facts.Family, config.model_type);
      assert.equal(facts.Predicts, predicts, name);
      assert.equal(Number(facts["Vector size"]), config.hidden_size ?? config.n_embd ?? config.d_model ?? config.dim);
      assert.equal(facts.Vocabulary, `${config.vocab_size.toLocaleString("en")} tokens`);
      const zip = join(folder, `${name}.zip`);
      await writeFolder(folder, {
        [`${name}.zip`]: zipOf(Object.fromEntries(Object.entries(files).map(([each, content]) => [`${name}/${each}`, content]))),
      });
      await pick(page, "Choose files or a zip", zip);
      await opened(page, name);
      await eventually.deepEqual(() => factsOf(page), facts);
      const text = new URLSearchParams(page.url().split("?")[1]).get("text");
      assert.ok(text.length > 0 && !text.includes("[UNK]"), text);
    }
    const own = await page.locator(".own-models li").count();
    assert.equal(own, Object.keys(families).length); // the zip has the same model as the folder
    await page.getByRole("link", { name: "Look at it in Explore" }).click();
    await page.waitForSelector("#main .head-grid, #main canvas");
    await eventually.match(() => page.url(), /#\/explore\?.*model=own-t5-/);
  });

  onPage("a model without predictions says so calmly, in one sentence", {}, async (page) => {
    await pick(page, "Choose a folder", await writeFolder(join(folder, "bare"), await tinyModel("distilbert-bare")));
    await opened(page, "bare");
    for (const other of ["explore", "change"]) {
      await page.evaluate((id) => (location.hash = location.hash.replace(/^#\/\w+/, `#/${id}`)), other);
      await page.waitForSelector("#head canvas");
      await idle(page);
      await eventually.equal(() => page.getByText("This model has no output for tokens, so it predicts nothing").count(), 1, other);
      await eventually.equal(() => page.locator(".failure:not(:empty)").count(), 0, other);
      if (other === "change") await eventually.match(() => page.textContent("#effects"), /compare the maps instead\.$/);
    }
  });

  onPage("three files, a dropped folder and a dropped zip open too", { main: true }, async (page) => {
    const files = await tinyModel("gpt2");
    const path = await writeFolder(join(folder, "three"), files);
    await pick(
      page,
      "Choose files or a zip",
      Object.keys(files).map((name) => join(path, name)),
    );
    await opened(page, "gpt2 model");
    const others = [
      ["dropped/.DS_Store", Buffer.from("x")],
      ["dropped/README.md", Buffer.from("x")],
    ];
    await drop(page, [...others, ...Object.entries(files).map(([name, content]) => [`dropped/${name}`, content])]);
    await opened(page, "dropped");
    await drop(page, [["mini.zip", zipOf(files)]]);
    await opened(page, "mini");
  });

  onPage("a model that cannot be opened shows an error message, and the chosen model stays", {}, async (page) => {
    const facts = await factsOf(page);
    const files = await tinyModel("gpt2");
    const { "config.json": config, "tokenizer.json": _tokenizer, ...weights } = files;
    const dropped = async (changed) => {
      await drop(
        page,
        Object.entries(changed).map(([name, content]) => [`x/${name}`, content]),
      );
      const sentence = await failure(page);
      await page.evaluate(() => (document.querySelector("#files-failure").textContent = ""));
      return sentence;
    };
    assert.match(await dropped(weights), /^There is no config\.json among the files/);
    assert.match(await dropped({ "config.json": config, "pytorch_model.bin": config }), /^pytorch_model\.bin is in PyTorch's own format/);
    assert.match(await dropped({ "config.json": config, ...weights }), /^tokenizer\.json is missing/);
    assert.match(
      await dropped({ ...files, "config.json": Buffer.from('{"model_type":"mamba"}') }),
      /“mamba” cannot be opened. These can: bert, /,
    );
    assert.match(await dropped({ ...files, "model.safetensors": Buffer.from("<!doctype html>") }), /The file of the weights is/);
    await drop(page, [["bomb.zip", zipOf({ ...files, "model.safetensors": Buffer.alloc(2 ** 26 + 1) })]]);
    await eventually.match(() => failure(page), /No model does, so it was not unpacked/);
    await drop(page, [
      ["lie.zip", zipOf({ ...files, "model.safetensors": Buffer.alloc(2 ** 22) }, (name, { length }) => (length === 2 ** 22 ? 9 : length))],
    ]);
    await page.waitForFunction(() => /another size/.test(document.querySelector("#files-failure").textContent));
    await eventually.deepEqual(() => factsOf(page), facts);
  });

  onPage("a kept model is there on the next visit and in another tab, until it is deleted", {}, async (page) => {
    const files = await tinyModel("llama-default");
    await pick(page, "Choose a folder", await writeFolder(join(folder, "kept"), files));
    await opened(page, "kept");
    await page.getByRole("button", { name: "Keep kept" }).click();
    await page.waitForSelector(".own-models li[data-kept=true]");
    const other = await page.context().newPage();
    await other.goto(page.url());
    await opened(other, "kept");
    await page.reload();
    await opened(page, "kept");
    await eventually.match(() => page.textContent(".own-models li"), /kept in this browser/);
    await page.getByRole("button", { name: "Delete kept" }).click();
    await page.getByRole("button", { name: "Really delete kept" }).click();
    await page.waitForFunction(() => document.querySelector(".own-models") === null);
    await other.reload();
    await other.waitForFunction(() => /files of yours/.test(document.querySelector("#model-failure")?.textContent ?? ""));
    await other.close();
  });

  onPage("a model can be given another name, which every room and the next visit know", {}, async (page) => {
    await pick(page, "Choose a folder", await writeFolder(join(folder, "model"), await tinyModel("gpt2")));
    await opened(page, "model");
    const rename = async (from, to) => {
      await page.getByRole("button", { name: `Rename ${from}` }).click();
      await page.getByLabel(`New name of ${from}`).fill(to);
      await page.keyboard.press("Enter");
      await opened(page, to);
    };
    await rename("model", "a tiny model");
    await page.getByRole("button", { name: "Keep a tiny model" }).click();
    await page.waitForSelector(".own-models li[data-kept=true]");
    await rename("a tiny model", "tiny");
    await page.getByRole("button", { name: "Rename tiny" }).click();
    await page.waitForFunction(() => document.activeElement?.matches(".own-model input"));
    await page.keyboard.type("other");
    await page.keyboard.press("Escape");
    await eventually.equal(() => page.textContent(".own-model strong"), "tiny");
    await page.reload();
    await opened(page, "tiny");
  });

  onPage("a browser that keeps no files says so, and opens models all the same", {}, async (page) => {
    await page.context().addInitScript(() => {
      const { Worker } = globalThis;
      globalThis.Worker = class extends Worker {
        constructor(url, options) {
          const source = `Object.defineProperty(StorageManager.prototype, "getDirectory", { value: () => Promise.reject(new Error("no")) }); import(${JSON.stringify(String(url))});`;
          super(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), options);
        }
      };
    });
    await page.reload();
    await page.waitForSelector(".model-facts");
    await pick(page, "Choose a folder", await writeFolder(join(folder, "unkept"), await tinyModel("gpt2")));
    await opened(page, "unkept");
    await eventually.match(() => page.locator(".panel", { hasText: "Your models" }).first().textContent(), /cannot be kept here/);
    await eventually.equal(() => page.getByRole("button", { name: "Keep unkept" }).count(), 0);
  });

  onPage(
    "works with the keyboard, has no serious finding of axe and fits 320 pixels",
    { viewport: { width: 320, height: 800 } },
    async (page) => {
      await pick(
        page,
        "Choose a folder",
        await writeFolder(join(folder, "a-very-long-name-of-a-folder-that-does-not-fit-into-one-line"), await tinyModel("gpt2")),
      );
      await page.waitForSelector(".own-models li");
      await idle(page);
      await eventually.deepEqual(() => seriousFindings(page), []);
      await eventually.deepEqual(async () => (await outsideElements(page)).filter((each) => each !== "A.null"), []); // the navigation scrolls
      await page.getByLabel("Choose a folder", { exact: true }).focus();
      await page.keyboard.press("Tab");
      await eventually.equal(() => page.evaluate(() => document.activeElement.closest("label").textContent), "Choose files or a zip");
    },
  );

  onPage("a model of the reader is known to the next worker when the worker is lost", {}, async (page) => {
    await pick(page, "Choose a folder", await writeFolder(join(folder, "lost"), await tinyModel("gpt2")));
    await opened(page, "lost");
    const facts = await factsOf(page);
    await killWorker(page);
    await page.waitForSelector(".notice");
    await opened(page, "lost");
    await eventually.deepEqual(() => factsOf(page), facts);
  });
});
