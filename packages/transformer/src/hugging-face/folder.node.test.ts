import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispose } from "@tensorflow/tfjs-core";
import { ArgumentError, DisposedError, ValueError } from "@tfblocks/tensor-utils";
import { expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { canFillDisk, onFullDisk } from "@tfblocks/testkit/full-disk";
import { modelFiles, type Pretrained } from "@tfblocks/transformer/hugging-face";
import { loadFolder, saveFolder } from "@tfblocks/transformer/hugging-face/node";
import { llama } from "@tfblocks/transformer/models";
import { openSafetensorsFile, writeSafetensorsFile } from "@tfblocks/weights/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { folderContents } from "../testing/folder-contents.js";

const small = { vocabSize: 7, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 12 };

/** A model of one layer; other sizes give other weights and another config. */
function pretrained(sizes: Partial<typeof small> = {}): Pretrained<"llama"> {
  const all = { ...small, ...sizes };
  return { family: "llama", sizes: all, model: llama(all) };
}

let [folder, saved] = ["", pretrained()];
beforeAll(async () => {
  await useBackend("cpu");
  saved = pretrained();
});
afterAll(() => saved.model.dispose());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "folder-"));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]): string => join(folder, ...names);
const contents = (path = folder) => folderContents(path);

/** Loads and frees a model, or returns the error; neither leaves a tensor. */
const load = (path: string, options?: Parameters<typeof loadFolder>[1]): Promise<unknown> =>
  expectNewTensors(() =>
    loadFolder(path, options).then(
      ({ model, ...rest }) => {
        model.dispose();
        return rest;
      },
      (reason: unknown) => reason,
    ),
  );

/** The message of an error, without the folder of this test. */
async function refusal(path: string): Promise<string> {
  const error = await load(path);
  expect(error).toBeInstanceOf(ArgumentError);
  return (error as ArgumentError).message.replaceAll(folder, "FOLDER");
}

/** Splits the weights of the folder into two files with an index. */
async function shard(): Promise<void> {
  const reader = await openSafetensorsFile(at("model.safetensors"));
  const state = Object.entries(await reader.readAll());
  await reader.close();
  const parts = { "model-1.safetensors": state.slice(0, 4), "model-2.safetensors": state.slice(4) };
  for (const [file, part] of Object.entries(parts)) await writeSafetensorsFile(at(file), Object.fromEntries(part));
  const places = Object.entries(parts).flatMap(([file, part]) => part.map(([name]) => [name, file]));
  await writeFile(at("model.safetensors.index.json"), JSON.stringify({ weight_map: Object.fromEntries(places) }));
  await rm(at("model.safetensors"));
  dispose(Object.fromEntries(state));
}

describe("saveFolder", () => {
  it("creates the folder, writes the bytes of modelFiles, and leaves other files and the model alone", async () => {
    await saveFolder(at("new", "model"), saved);
    const { "config.json": config, "model.safetensors": weights } = modelFiles(saved);
    const expected = { "config.json": new TextEncoder().encode(config), "model.safetensors": weights };
    expect(await contents(at("new", "model"))).toEqual(expected);
    await writeFile(at("new", "model", "tokenizer.json"), "{}");
    await saveFolder(at("new", "model"), saved);
    expect(await contents(at("new", "model"))).toEqual({ ...expected, "tokenizer.json": new TextEncoder().encode("{}") });
  });

  it("adds given fields to the config, and loadFolder returns them", async () => {
    await saveFolder(folder, saved, { config: { eos_token_id: 2, bos_token_id: null } });
    expect(await load(folder)).toMatchObject({ family: "llama", config: { eos_token_id: 2, bos_token_id: null, hidden_size: 8 } });
  });

  it("refuses a path that is not a folder, sizes that a config cannot express and an unknown option, and writes nothing", async () => {
    await writeFile(at("file"), "old");
    const windows = { ...small, window: (index: number) => index + 1, numLayers: 2 };
    const odd: Pretrained = { family: "mistral", sizes: windows, model: saved.model };
    await expect(saveFolder(at("file"), saved)).rejects.toThrow(
      `saveFolder: path must be a folder, or a path where one can be created, got ${at("file")} (EEXIST)`,
    );
    await expect(saveFolder(at("new"), odd)).rejects.toThrow(
      "modelConfig: window must be [1,1] to be saved as a config of mistral, got [1,2]",
    );
    await expect(saveFolder(at("new"), saved, { dtype: "F16" } as never)).rejects.toThrow(ValueError);
    await expect(saveFolder(at("new"), saved, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    expect(Object.keys(await contents())).toEqual(["file"]);
  });
});

describe("saveFolder leaves the old files", () => {
  it("when it is aborted or the model was disposed", async () => {
    await saveFolder(folder, saved);
    const before = await contents();
    const [other, controller] = [pretrained({ dModel: 16 }), new AbortController()];
    const saving = saveFolder(folder, other, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(saving).rejects.toThrow("enough");
    other.model.dispose();
    await expect(saveFolder(folder, other)).rejects.toThrow(DisposedError);
    expect(await contents()).toEqual(before);
  });

  it.runIf(canFillDisk).each([
    ["a small config", 100, {}],
    ["the weights", 2000, {}],
    ["a config that is larger than the weights", 50_000, { note: "x".repeat(100_000) }],
  ])("when the disk is full before %s is written", async (_what, bytes, config) => {
    await saveFolder(folder, saved);
    const before = await contents();
    const other = use(pretrained({ dModel: 16 }));
    await expect(onFullDisk(bytes, () => saveFolder(folder, other, { config }))).rejects.toThrow(/EFBIG/);
    expect(await contents()).toEqual(before);
  });
});

describe("loadFolder", () => {
  beforeEach(() => saveFolder(folder, saved));

  it("loads the same parameters by the path of the folder or of the weights, in one file or in shards", async () => {
    const bytes = modelFiles(saved)["model.safetensors"];
    const expectSame = async (path: string) => {
      const loaded = await loadFolder(path);
      expect(loaded).toMatchObject({ family: "llama", folder, sizes: { dModel: 8 }, config: { model_type: "llama" } });
      expect(modelFiles(loaded)["model.safetensors"]).toEqual(bytes);
      loaded.model.dispose();
    };
    await expectSame(folder);
    await expectSame(at("model.safetensors"));
    await shard();
    await expectSame(folder);
    await expectSame(at("model.safetensors.index.json"));
  });

  it("gives the generation config and the other files", async () => {
    await writeFile(at("generation_config.json"), '{ "eos_token_id": 2 }');
    await writeFile(at("tokenizer.json"), '{ "version": "1.0" }');
    const { model, generationConfig, files } = await loadFolder(at("model.safetensors"));
    model.dispose();
    expect(generationConfig).toEqual({ eos_token_id: 2 });
    expect([await files.json("tokenizer.json"), await files.text("merges.txt")]).toEqual([{ version: "1.0" }, undefined]);
    await writeFile(at("generation_config.json"), "[]");
    expect(await refusal(folder)).toBe("loadFolder: generation_config.json must be an object, got an array of length 0");
    await rm(folder, { recursive: true });
    await expect(files.text("merges.txt")).rejects.toThrow("loadFolder: merges.txt must be a file of at most 134217728 bytes, got");
    await mkdir(folder);
  });
});

describe("loadFolder, while it reads,", () => {
  beforeEach(() => saveFolder(folder, saved));

  it("reports its progress", async () => {
    const seen: number[] = [];
    await load(folder, { onProgress: ({ loadedBytes, totalBytes }) => void seen.push(loadedBytes / totalBytes) });
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.at(-1)).toBe(1);
  });

  it("stops when aborted, before or while reading", async () => {
    const controller = new AbortController();
    const aborting = { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) };
    expect(await load(folder, { signal: AbortSignal.abort(new Error("no")) })).toMatchObject({ message: "no" });
    expect(await load(folder, aborting)).toMatchObject({ message: "enough" });
  });

  it.runIf(process.platform === "linux")("leaves no file open, whether it loads or refuses", async () => {
    const open = async () => (await readdir("/proc/self/fd")).length;
    const before = await open();
    await load(folder);
    await load(folder, { maxBytes: 1000 });
    await writeFile(at("config.json"), "{}");
    await load(folder);
    expect(await open()).toBe(before);
  });
});

describe("loadFolder says", () => {
  beforeEach(() => saveFolder(folder, saved));

  it("what the path must be, what was found and what to do", async () => {
    await mkdir(at("empty"));
    await cp(at("config.json"), at("torch", "config.json"));
    await writeFile(at("torch", "pytorch_model.bin"), "");
    await mkdir(at("adapter"));
    await writeFile(at("adapter", "adapter_model.safetensors"), "");
    const paths = [at("none"), at("empty"), at("torch"), at("torch", "pytorch_model.bin"), at("adapter"), at("config.json")];
    const sentences: string[] = [];
    for (const path of paths) sentences.push(await refusal(path));
    expect(sentences).toMatchInlineSnapshot(`
      [
        "loadFolder: path must be a folder with model.safetensors or model.safetensors.index.json, or the path of such a file, got FOLDER/none (ENOENT)",
        "loadFolder: path must be a folder with model.safetensors or model.safetensors.index.json, or the path of such a file, got FOLDER/empty, which has no weights",
        "loadFolder: path must be a folder with model.safetensors or model.safetensors.index.json, or the path of such a file, got FOLDER/torch, which has pytorch_model.bin; save the model as safetensors, with save_pretrained of transformers",
        "loadFolder: path must be a folder with model.safetensors or model.safetensors.index.json, or the path of such a file, got FOLDER/torch/pytorch_model.bin; save the model as safetensors, with save_pretrained of transformers",
        "loadFolder: path must be a folder with model.safetensors or model.safetensors.index.json, or the path of such a file, got FOLDER/adapter, which has adapter_model.safetensors; give the path of that file",
        "loadFolder: path must be a folder with model.safetensors or model.safetensors.index.json, or the path of such a file, got FOLDER/config.json",
      ]
    `);
  });

  it("what config.json must be", async () => {
    const sentences: string[] = [];
    for (const text of ["{", "[]", " ".repeat(2 ** 20 + 1)]) {
      await writeFile(at("config.json"), text);
      sentences.push(await refusal(folder));
    }
    await rm(at("config.json"));
    sentences.push(await refusal(folder));
    await mkdir(at("config.json"));
    sentences.push(await refusal(at("model.safetensors")));
    expect(sentences).toMatchInlineSnapshot(`
      [
        "loadFolder: config.json must be JSON of at most 1048576 bytes beside the weights, got FOLDER/config.json, which is not JSON",
        "loadModel: config must be an object, got an array of length 0",
        "loadFolder: config.json must be a file of at most 1048576 bytes, got FOLDER/config.json of 1048577 bytes",
        "loadFolder: config.json must be JSON of at most 1048576 bytes beside the weights, got FOLDER/config.json (ENOENT)",
        "loadFolder: config.json must be a file of at most 1048576 bytes, got FOLDER/config.json, which is not a file",
      ]
    `);
  });
});

describe("loadFolder refuses", () => {
  beforeEach(() => saveFolder(folder, saved));

  it("broken weights, weights of another model or over maxBytes, and an unknown option", async () => {
    expect(await load(folder, { maxBytes: 1000 })).toMatchObject({ name: "SafetensorsError", kind: "limit" });
    expect(await load(folder, { cache: true } as never)).toBeInstanceOf(ValueError);
    await rename(at("config.json"), at("old.json"));
    const config = JSON.parse(await readFile(at("old.json"), "utf8")) as object;
    await writeFile(at("config.json"), JSON.stringify({ ...config, num_hidden_layers: 2 }));
    expect(await load(folder)).toMatchObject({ name: "StateDictError" });
    await writeFile(at("model.safetensors"), "PK");
    expect(await load(folder)).toMatchObject({ name: "SafetensorsError", kind: "truncated" });
  });
});
