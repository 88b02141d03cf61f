import { backend, engine, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { DTypeError, StateDictError } from "@tfblocks/tensor-utils";
import { expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { loadModel, modelFiles, type Pretrained } from "@tfblocks/transformer/hugging-face";
import { gpt2 } from "@tfblocks/transformer/models";
import { openSafetensors, type SafetensorsReader, writeSafetensors } from "@tfblocks/weights";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

const sizes = { vocabSize: 300, dModel: 64, numLayers: 4, numHeads: 2, hiddenDim: 256, maxLength: 32 };
let config = {};
let file: Uint8Array = new Uint8Array();

beforeAll(async () => {
  await useBackend("cpu");
  const pretrained: Pretrained<"gpt2"> = { family: "gpt2", sizes, model: gpt2(sizes) };
  const files = modelFiles(pretrained);
  [config, file] = [JSON.parse(files["config.json"]) as object, files["model.safetensors"]];
  pretrained.model.dispose();
});

/** Weights that fail as soon as a tensor is read. */
async function unread(bytes = file): Promise<SafetensorsReader> {
  const weights = await openSafetensors(bytes);
  const fail = () => Promise.reject(new Error("was read"));
  return { ...weights, names: weights.names, info: (name) => weights.info(name), read: fail, readAll: fail };
}

describe("the memory of loadModel", () => {
  beforeEach(() => useBackend("wasm"));

  it("holds each weight once, and beside them one tensor of the file and its parts", async () => {
    tensor1d([1]).dispose(); // Emscripten replaces _malloc and _free when they are first called
    const { wasm } = backend() as unknown as { wasm: { _malloc: (size: number) => number; _free: (address: number) => void } };
    const { _malloc: allocate, _free: free } = wasm;
    const held = new Map<number, number>();
    let peak = 0;
    wasm._malloc = (size) => {
      const address = allocate(size);
      held.set(address, size);
      peak = Math.max(
        peak,
        [...held.values()].reduce((sum, each) => sum + each, 0),
      );
      return address;
    };
    wasm._free = (address) => {
      held.delete(address);
      free(address);
    };
    try {
      (await loadModel({ config, weights: await openSafetensors(file) })).model.dispose();
    } finally {
      Object.assign(wasm, { _malloc: allocate, _free: free });
    }
    const largest = 4 * 64 * 256; // bytes of the feed-forward's up, which is transposed
    expect(peak).toBeGreaterThan(0.9 * file.length);
    expect(peak).toBeLessThan(file.length + 3 * largest);
  });

  it("leaves no model behind when a read fails half-way", async () => {
    const weights = await openSafetensors(file);
    const before = Object.keys(engine().state.registeredVariables);
    let reads = 0;
    const read: SafetensorsReader["read"] = (name, options) =>
      reads++ === 20 ? Promise.reject(new Error("gone")) : weights.read(name, options);
    const broken = { ...weights, names: weights.names, info: weights.info.bind(weights), read };
    await expectNewTensors(() => expect(loadModel({ config, weights: broken as SafetensorsReader })).rejects.toThrow("gone"), 0);
    expect(Object.keys(engine().state.registeredVariables)).toEqual(before);
  });
});

describe("the progress of loadModel", () => {
  beforeEach(() => useBackend("wasm"));

  it("reports the bytes of what it reads, up to all of them", async () => {
    const seen: number[] = [];
    const onProgress = ({ loadedBytes, totalBytes }: { loadedBytes: number; totalBytes: number }) =>
      void seen.push(loadedBytes / totalBytes);
    (await loadModel({ config, weights: await openSafetensors(file) }, { onProgress })).model.dispose();
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });
});

describe("loadModel refuses, before it reads a tensor,", () => {
  beforeEach(() => useBackend("cpu"));

  it("names and shapes of another model, all of them at once", async () => {
    const weights = await openSafetensors(file);
    const state = await weights.readAll();
    const { "transformer.h.0.ln_1.weight": norm, "transformer.h.3.ln_2.bias": bias, ...rest } = state;
    const other = writeSafetensors({ ...rest, "transformer.h.0.ln_1.weight": use(tensor1d([1, 2])), extra: norm! });
    for (const each of [...Object.values(rest), norm!, bias!]) use(each);
    const error: unknown = await loadModel({ config, weights: await unread(other) }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StateDictError);
    expect(error).toMatchObject({ missing: ["transformer.h.3.ln_2.bias"], unexpected: ["extra"] });
    expect((error as StateDictError).misshapen).toEqual(['"transformer.h.0.ln_1.weight" is [2], expected [dModel = 64]']);
  });

  it("weights that are integers", async () => {
    const weights = await openSafetensors(file);
    const state = await weights.readAll();
    for (const each of Object.values(state)) use(each);
    const norm = use(tensor1d(new Int32Array(64), "int32"));
    const integers = writeSafetensors({ ...state, "transformer.ln_f.bias": norm });
    const error: unknown = await loadModel({ config, weights: await unread(integers) }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DTypeError);
    expect((error as Error).message).toBe('loadModel: weights["transformer.ln_f.bias"] must be of F32, F16, BF16 or F64, got I32');
  });

  it("a head that the config says is the embedding and is not", async () => {
    const weights = await openSafetensors(file);
    const state = await weights.readAll();
    for (const each of Object.values(state)) use(each);
    const bytes = writeSafetensors({ ...state, "lm_head.weight": use(tensor2d(new Float32Array(300 * 64), [300, 64])) });
    await expect(loadModel({ config, weights: await openSafetensors(bytes) })).rejects.toThrow(
      'loadModel: config.tie_word_embeddings must be false for weights in which "lm_head.weight" differs from "transformer.wte.weight", got true',
    );
  });
});
