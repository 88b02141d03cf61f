import { dispose } from "@tensorflow/tfjs-core";
import { ArgumentError } from "@tfblocks/tensor-utils";
import { expectNewTensors, useBackend } from "@tfblocks/testkit";
import { loadFolder, modelFiles, type PickedFiles, type Pretrained } from "@tfblocks/transformer/hugging-face";
import { llama } from "@tfblocks/transformer/models";
import { openSafetensors, SafetensorsError, writeSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it, vi } from "vitest";

const sizes = { vocabSize: 7, dModel: 8, numLayers: 1, numHeads: 2, hiddenDim: 12 };
let [config, weights]: [string, Uint8Array] = ["", new Uint8Array()];

beforeAll(async () => {
  await useBackend("cpu");
  const saved: Pretrained<"llama"> = { family: "llama", sizes, model: llama(sizes) };
  ({ "config.json": config, "model.safetensors": weights } = modelFiles(saved));
  saved.model.dispose();
});

const blob = (content: string | Uint8Array): Blob => new Blob([content as BlobPart]);
const file = (content: string | Uint8Array, name: string): File => new File([content as BlobPart], name);

/** As an input with `webkitdirectory` gives it. */
function inFolder(content: string | Uint8Array, path: string): File {
  return Object.defineProperty(file(content, path.split("/").at(-1)!), "webkitRelativePath", { value: path });
}

const folder = (): Map<string, Blob> => new Map([["config.json", blob(config)]]).set("model.safetensors", blob(weights));

/** The same weights in two files with an index. */
async function shards(): Promise<Record<string, string | Uint8Array>> {
  const reader = await openSafetensors(weights);
  const state = await reader.readAll();
  const names = Object.keys(state);
  const parts = { "model-1.safetensors": names.slice(0, 4), "model-2.safetensors": names.slice(4) };
  const places = Object.entries(parts).flatMap(([shard, part]) => part.map((name) => [name, shard]));
  const files = Object.entries(parts).map(([shard, part]) => {
    const content = writeSafetensors(Object.fromEntries(part.map((name) => [name, state[name]!])));
    return [shard, content] as const;
  });
  dispose(state);
  const index = JSON.stringify({ weight_map: Object.fromEntries(places) });
  return { "config.json": config, "model.safetensors.index.json": index, ...Object.fromEntries(files) };
}

async function expectSame(picked: PickedFiles): Promise<void> {
  const loaded = await loadFolder(picked);
  expect(loaded).toMatchObject({ family: "llama", config: { hidden_size: 8 }, generationConfig: undefined });
  expect(modelFiles({ family: "llama", sizes, model: loaded.model } as Pretrained)["model.safetensors"]).toEqual(weights);
  loaded.model.dispose();
}

/** The error of files that cannot be loaded; it leaves no tensor. */
async function refusal(picked: PickedFiles, options?: Parameters<typeof loadFolder>[1]): Promise<Error> {
  return (await expectNewTensors(() => loadFolder(picked, options).catch((reason: unknown) => reason), 0)) as Error;
}

describe("loadFolder of picked files", () => {
  it("loads the same parameters from blobs or files, in one file or in shards", async () => {
    await expectSame(folder());
    await expectSame([file(config, "config.json"), file(weights, "model.safetensors")]);
    const inShards = Object.entries(await shards());
    await expectSame(new Map(inShards.map(([name, content]) => [name, blob(content)])));
    await expectSame(inShards.map(([name, content]) => file(content, name)));
  });

  it("takes the names below the picked folder, and ignores folders in it", async () => {
    const files = [
      inFolder("not JSON", "mini/1_Pooling/config.json"),
      inFolder(weights.subarray(0, 9), "mini/onnx/model.safetensors"),
      inFolder(config, "mini/config.json"),
      inFolder(weights, "mini/model.safetensors"),
    ];
    await expectSame(files);
    const { folder: name, model } = await loadFolder(files);
    model.dispose();
    expect(name).toBe("mini");
  });

  it("gives the other files", async () => {
    const picked = folder().set("tokenizer.json", blob('{ "model": "é" }')).set("generation_config.json", blob('{ "eos_token_id": 2 }'));
    const { model, files, generationConfig } = await loadFolder(picked);
    model.dispose();
    expect(generationConfig).toEqual({ eos_token_id: 2 });
    expect(await files.json("tokenizer.json")).toEqual({ model: "é" });
    expect(await files.bytes("vocab.json")).toBeUndefined();
  });

  it("reads the weights by ranges, never all of them at once", async () => {
    const large = blob(weights);
    const whole = vi.spyOn(large, "arrayBuffer");
    const slice = vi.spyOn(large, "slice");
    await expectSame(folder().set("model.safetensors", large));
    expect(whole).not.toHaveBeenCalled();
    for (const [begin, end] of slice.mock.calls) expect(end! - begin!).toBeLessThan(weights.length);
  });

  it("stops when aborted", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("enough"));
    expect((await refusal(folder(), { signal: controller.signal, onProgress })).message).toBe("enough");
  });
});

describe("loadFolder of picked files that cannot be loaded", () => {
  it("says what is missing, not readable or too large, and what is no list of files", async () => {
    const unreadable = blob(config);
    unreadable.arrayBuffer = () => Promise.reject(new Error("gone"));
    const without = (name: string) => new Map([...folder()].filter(([each]) => each !== name));
    const errors = [
      await refusal(without("config.json")),
      await refusal(without("model.safetensors").set("pytorch_model.bin", blob("x"))),
      await refusal(folder().set("config.json", blob("{"))),
      await refusal(folder().set("config.json", blob(" ".repeat(2 ** 20 + 1)))),
      await refusal(folder().set("config.json", unreadable)),
      await refusal([]),
      await refusal([config as unknown as File]),
      await refusal({} as PickedFiles),
    ];
    for (const error of errors) expect(error).toBeInstanceOf(ArgumentError);
    expect(errors.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "loadFolder: config.json must be JSON of at most 1048576 bytes beside the weights, got config.json (not among the files)",
        "loadFolder: source must be files with model.safetensors or model.safetensors.index.json, got 2: config.json, pytorch_model.bin",
        "loadFolder: config.json must be JSON of at most 1048576 bytes beside the weights, got config.json, which is not JSON",
        "loadFolder: config.json must be a file of at most 1048576 bytes, got config.json of 1048577 bytes",
        "loadFolder: config.json must be a file of at most 1048576 bytes, got config.json: Error: gone",
        "loadFolder: source must be an address, or the files of a folder: a Map of names and Blobs, or a list of Files, got an array of length 0",
        "loadFolder: source must be an address, or the files of a folder: a Map of names and Blobs, or a list of Files, got something else",
        "loadFolder: source must be an address, or the files of a folder: a Map of names and Blobs, or a list of Files, got an object",
      ]
    `);
  });

  it("says what is wrong with the weights", async () => {
    const kindOf = async (...args: Parameters<typeof refusal>) => ((await refusal(...args)) as SafetensorsError).kind;
    expect(await kindOf(folder().set("model.safetensors", blob(weights.subarray(0, -1))))).toBe("truncated");
    expect(await kindOf(folder(), { maxBytes: 100 })).toBe("limit");
    const { "model-2.safetensors": _, ...others } = await shards();
    expect(await kindOf(Object.entries(others).map(([name, content]) => file(content, name)))).toBe("source");
  });
});
