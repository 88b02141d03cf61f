import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ArgumentError } from "@tfblocks/tensor-utils";
import { expectNewTensors, useBackend } from "@tfblocks/testkit";
import { loadFolder, modelFiles, type Pretrained, type PretrainedFolder } from "@tfblocks/transformer/hugging-face";
import { loadFolder as loadAny } from "@tfblocks/transformer/hugging-face/node";
import { llama } from "@tfblocks/transformer/models";
import { openSafetensors, writeSafetensors } from "@tfblocks/weights";
import { dispose } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const sizes = { vocabSize: 7, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 12 };
let [config, bytes]: [string, Uint8Array] = ["", new Uint8Array()];
let files: Record<string, string | Uint8Array> = {};
let answers: Record<string, (response: ServerResponse) => void> = {};
let asked: string[] = [];
let server: Server;
let base = "";

beforeAll(async () => {
  await useBackend("cpu");
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  base = `http://localhost:${(server.address() as AddressInfo).port}`;
  const saved: Pretrained<"llama"> = { family: "llama", sizes, model: llama(sizes) };
  ({ "config.json": config, "model.safetensors": bytes } = modelFiles(saved));
  saved.model.dispose();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  [files, answers, asked] = [{ "config.json": config, "model.safetensors": bytes }, {}, []];
});

/** Serves `files` under /model/, by ranges. */
function answer({ url, headers }: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(url!, base);
  const name = decodeURIComponent(pathname.replace("/model/", ""));
  asked.push(name + search);
  if (answers[name] !== undefined) return answers[name](response);
  const file = files[name];
  if (file === undefined) return void response.writeHead(404).end("no");
  const content = Buffer.from(file);
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
  if (first === undefined) return void response.writeHead(200).end(content);
  const part = content.subarray(Number(first), Number(last) + 1);
  const range = `bytes ${first}-${Number(first) + part.length - 1}/${content.length}`;
  response.writeHead(206, { "content-range": range, "content-length": part.length }).end(part);
}

/** A page, as servers of web apps answer for files that they lack. */
const page = (response: ServerResponse): void =>
  void response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<!doctype html>");
const status = (code: number) => (response: ServerResponse) => void response.writeHead(code).end();

/** The message of an error, without the port; it leaves no tensor. */
async function refusal(url: string, options?: Parameters<typeof loadFolder>[1]): Promise<string> {
  const error = await expectNewTensors(() => loadFolder(url, options).catch((reason: unknown) => reason), 0);
  expect(error).toBeInstanceOf(ArgumentError);
  return (error as ArgumentError).message.replaceAll(base, "SERVER");
}

describe("loadFolder of an address", () => {
  it("loads the same parameters by the address of the folder or of the weights, in one file or in shards", async () => {
    const expectSame = async (url: string | URL, load: (url: string | URL) => Promise<PretrainedFolder> = loadFolder) => {
      const loaded = await load(url);
      expect(loaded).toMatchObject({ family: "llama", folder: `${base}/model/`, config: { hidden_size: 8 }, generationConfig: undefined });
      expect(modelFiles({ family: "llama", sizes, model: loaded.model } as Pretrained)["model.safetensors"]).toEqual(bytes);
      loaded.model.dispose();
    };
    await expectSame(`${base}/model`);
    await expectSame(new URL(`${base}/model/model.safetensors`));
    await expectSame(`${base}/model/`, loadAny);
    await shard();
    await expectSame(`${base}/model`);
    await expectSame(`${base}/model/model.safetensors.index.json`);
  });

  it("gives the generation config and the other files, with the query of the address", async () => {
    files["generation_config.json"] = '{ "eos_token_id": [2, 3] }';
    files["tokenizer.json"] = '{ "model": "é" }';
    files["spiece.model"] = Uint8Array.of(1, 255);
    const { model, generationConfig, files: others, folder } = await loadFolder(`${base}/model?key=1`);
    model.dispose();
    expect([generationConfig, folder]).toEqual([{ eos_token_id: [2, 3] }, `${base}/model/?key=1`]);
    expect(await others.json("tokenizer.json")).toEqual({ model: "é" });
    expect(await others.text("tokenizer.json")).toBe('{ "model": "é" }');
    expect(await others.bytes("spiece.model")).toEqual(Uint8Array.of(1, 255));
    expect(await others.json("vocab.json")).toBeUndefined();
    expect(asked.every((each) => each.endsWith("?key=1"))).toBe(true);
    await expect(others.text("../secret.json")).rejects.toThrow('FolderFiles: name must be the plain name of a file, got "../secret.json"');
    await expect(others.json("spiece.model")).rejects.toThrow("loadFolder: spiece.model must be JSON, got");
  });

  it("takes a page of a web app for an absent file", async () => {
    answers = { "generation_config.json": page, "tokenizer.json": page };
    const { model, generationConfig, files: others } = await loadFolder(`${base}/model`);
    model.dispose();
    expect([generationConfig, await others.text("tokenizer.json")]).toEqual([undefined, undefined]);
  });

  it("stops when aborted", async () => {
    const controller = new AbortController();
    const reading = loadFolder(`${base}/model`, { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) });
    await expectNewTensors(() => expect(reading).rejects.toThrow("enough"), 0);
  });
});

describe("loadFolder of an address says", () => {
  it("what is missing, not JSON, too large or not reachable", async () => {
    const sentences = [await refusal(`${base}/none`)];
    answers = { "config.json": page };
    sentences.push(await refusal(`${base}/model`));
    answers = { "config.json": status(404) };
    sentences.push(await refusal(`${base}/model`));
    answers = { "config.json": status(500) };
    sentences.push(await refusal(`${base}/model`));
    answers = { "config.json": (response) => void response.end(" ".repeat(2 ** 20 + 1)) };
    sentences.push(await refusal(`${base}/model`));
    answers = { "generation_config.json": (response) => void response.end("[]") };
    sentences.push(await refusal(`${base}/model`));
    answers = { "model.safetensors": page, "model.safetensors.index.json": status(403) };
    sentences.push(await refusal(`${base}/model`));
    sentences.push(await refusal("http://models.example/bert"), await refusal("models/bert"), await refusal("https://localhost:1/bert"));
    expect(sentences).toMatchInlineSnapshot(`
      [
        "loadFolder: url must be the address of a folder with model.safetensors or model.safetensors.index.json, or of such a file, got SERVER/none/ (model.safetensors: status 404; model.safetensors.index.json: status 404)",
        "loadFolder: config.json must be JSON of at most 1048576 bytes beside the weights, got SERVER/model/config.json (a page of text/html)",
        "loadFolder: config.json must be JSON of at most 1048576 bytes beside the weights, got SERVER/model/config.json (status 404)",
        "loadFolder: config.json must be a file of at most 1048576 bytes, got SERVER/model/config.json (status 500)",
        "loadFolder: config.json must be a file of at most 1048576 bytes, got SERVER/model/config.json of more",
        "loadFolder: generation_config.json must be an object, got an array of length 0",
        "loadFolder: url must be readable, got SERVER/model/model.safetensors.index.json (status 403)",
        "loadFolder: url must be an https address, or http on localhost, got http://models.example/bert",
        "loadFolder: url must be an address, got "models/bert"; for a path, use loadFolder of @tfblocks/transformer/hugging-face/node",
        "loadFolder: url must be reachable, got https://localhost:1/bert/model.safetensors: TypeError: fetch failed; a server of another origin must allow it by CORS (Access-Control-Allow-Origin)",
      ]
    `);
  });

  it("which address of the Hugging Face hub has the files", async () => {
    const { fetch } = globalThis;
    globalThis.fetch = () => Promise.resolve(new Response("no", { status: 404 }));
    try {
      expect(await refusal("https://huggingface.co/google-bert/bert-base-uncased")).toMatch(
        "; the files are at https://huggingface.co/google-bert/bert-base-uncased/resolve/main",
      );
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it("that a server leads to an address that is not encrypted", async () => {
    answers = { "config.json": (response) => void response.writeHead(302, { location: "http://models.example/config.json" }).end() };
    expect(await refusal(`${base}/model`)).toMatch(/must be (an https address|reachable)/);
  });
});

/** Splits the weights into two files with an index. */
async function shard(): Promise<void> {
  const reader = await openSafetensors(bytes);
  const state = await reader.readAll();
  const names = Object.keys(state);
  const parts = { "model-1.safetensors": names.slice(0, 4), "model-2.safetensors": names.slice(4) };
  const places = Object.entries(parts).flatMap(([file, part]) => part.map((name) => [name, file]));
  files = { "config.json": config, "model.safetensors.index.json": JSON.stringify({ weight_map: Object.fromEntries(places) }) };
  for (const [file, part] of Object.entries(parts)) {
    files[file] = writeSafetensors(Object.fromEntries(part.map((name) => [name, state[name]!])));
  }
  dispose(state);
}
