import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { use, useBackend } from "@tfblocks/testkit";
import { modelFiles, type Pretrained } from "@tfblocks/transformer/hugging-face";
import { loadFolder, saveFolder } from "@tfblocks/transformer/hugging-face/node";
import { llama } from "@tfblocks/transformer/models";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { folderContents } from "../testing/folder-contents.js";

const small = { vocabSize: 7, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 12 };

let folder = "";
let saved: Pretrained<"llama">;
beforeAll(() => useBackend("cpu"));
beforeEach(async () => {
  saved = use({ family: "llama" as const, sizes: small, model: llama(small) });
  folder = await mkdtemp(join(tmpdir(), "folder-"));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]): string => join(folder, ...names);

const extra = {
  pad_token_id: 0,
  eos_token_id: [2, 3],
  task_specific_params: { a: { b: 1 } },
  initializer_range: 1,
  attention_dropout: 0.5,
};
const tokenizer = {
  "generation_config.json": '{"top_k": 5}',
  "tokenizer.json": "{}",
  "spiece.model": "\u0001",
  "chat_template.jinja": "{{ x }}",
};

const rope = (theta: number) => ({ rope_theta: theta, rope_parameters: { rope_theta: theta, rope_type: "default" } });

async function loadExtended() {
  await saveFolder(at("old"), saved, { config: { ...extra, ...rope(5000), auto_map: { AutoModel: "code.Model" } } });
  for (const [name, text] of Object.entries(tokenizer)) await writeFile(at("old", name), text);
  await writeFile(at("old", "notes.txt"), "not of the model");
  return use(await loadFolder(at("old")));
}

describe("saveFolder of a loaded folder", () => {
  it("keeps fields of its config that no size depends on, and never one that the sizes determine", async () => {
    const loaded = await loadExtended();
    if (loaded.family !== "llama") throw new Error("a llama was saved");
    expect(loaded.sizes.theta).toBe(5000);
    const sizes = { ...loaded.sizes, theta: 10000 };
    const model = use(llama(sizes));
    await saveFolder(at("new"), { ...loaded, sizes, model }, { config: { pad_token_id: 1 } });
    const text = await readFile(at("new", "config.json"), "utf8");
    const { auto_map: code, ...config } = JSON.parse(text) as Record<string, unknown>;
    expect(config).toMatchObject({ ...extra, pad_token_id: 1, ...rope(10000) });
    expect(code).toBeUndefined();
    expect(text).toContain('"initializer_range": 1.0'); // transformers refuses an integer
  });

  it("copies the files of its tokenizer, and leaves those that the other folder has", async () => {
    const loaded = await loadExtended();
    await mkdir(at("new"));
    await writeFile(at("new", "tokenizer.json"), "newer");
    await saveFolder(at("new"), loaded);
    const { "config.json": _config, "model.safetensors": weights, ...others } = await folderContents(at("new"));
    const decoded = Object.fromEntries(Object.entries(others).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]));
    expect(decoded).toEqual({ ...tokenizer, "tokenizer.json": "newer" });
    expect(weights).toEqual(modelFiles(loaded)["model.safetensors"]);
    const before = await folderContents(at("old"));
    await saveFolder(at("old"), loaded);
    expect(Object.keys(await folderContents(at("old")))).toEqual(Object.keys(before));
  });
});
