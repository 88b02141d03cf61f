import { backend, engine, tensor1d } from "@tensorflow/tfjs-core";
import { quantize, type QuantizeOptions } from "@tfblocks/quantization";
import { AllocationError, type Composite, Random } from "@tfblocks/tensor-utils";
import { expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { openSafetensors, type SafetensorsReader, writeSafetensors } from "@tfblocks/weights";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { families, type FamilyName } from "../families/registry.js";
import { loadModel, modelFiles, type Pretrained } from "../hugging-face.js";

/** Sizes of every family that groups of 16 divide. */
const common = { vocabSize: 21, dModel: 32, numLayers: 2, numHeads: 2, hiddenDim: 48 };
const own: Readonly<Partial<Record<FamilyName, object>>> = {
  bert: { maxLength: 16, pooler: true },
  distilbert: { maxLength: 16 },
  gemma2: { headDim: 16 },
  gemma3: { headDim: 16 },
  gpt2: { maxLength: 16 },
  gptNeoX: { tiedHead: false },
  roberta: { numPositions: 18 },
  xlmRoberta: { numPositions: 18, maskedLanguageHead: false, pooler: true },
  t5: { headDim: 16, tiedHead: false },
  llama: { numKvHeads: 1, tiedHead: true },
};

const names = Object.keys(families) as FamilyName[];

function pretrained(family: FamilyName): Pretrained {
  const sizes = { ...common, ...own[family] };
  return { family, sizes, model: use(families[family]({ ...sizes, random: new Random(7) } as never)) } as Pretrained;
}

/** The files of a model, whose weights may be of another dtype. */
async function filesOf(saved: Pretrained, dtype: "F32" | "F16" | "BF16" = "F32"): Promise<{ config: unknown; bytes: Uint8Array }> {
  const files = modelFiles(saved);
  const reader = await openSafetensors(files["model.safetensors"]);
  const bytes = writeSafetensors(use(await reader.readAll()), { dtype });
  return { config: JSON.parse(files["config.json"]), bytes };
}

/** Every parameter and buffer, bit for bit. */
function contents(model: Composite): Record<string, unknown> {
  const state = Object.entries(use(model.stateDict())).map(([name, value]) => [name, [value.shape, value.dataSync()]] as const);
  return Object.fromEntries(state.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function load(config: unknown, bytes: Uint8Array, options?: Parameters<typeof loadModel>[1]): Promise<Pretrained> {
  const loaded = await loadModel({ config, weights: await openSafetensors(bytes) }, options);
  use(loaded.model);
  return loaded;
}

describe.each(names)("a model of %s", (family) => {
  beforeAll(() => useBackend("cpu"));

  it.each<QuantizeOptions>([
    { bits: 8, groupSize: 16 },
    { bits: 4, groupSize: 16 },
  ])("that is quantised as it is read is that of quantize, bit for bit: %j", async (options) => {
    const { config, bytes } = await filesOf(pretrained(family));
    const [small, plain] = [await load(config, bytes, { quantize: options }), await load(config, bytes)];
    expect(contents(small.model)).toEqual(contents(use(quantize(plain.model as Composite, options))));
  });

  it("that is quantised is saved and loaded again, bit for bit", async () => {
    const { config, bytes } = await filesOf(pretrained(family));
    for (const bits of [8, 4] as const) {
      const small = await load(config, bytes, { quantize: { bits, groupSize: 16 } });
      const files = modelFiles(small);
      const again = await load(JSON.parse(files["config.json"]), files["model.safetensors"]);
      expect(contents(again.model)).toEqual(contents(small.model));
    }
  });
});

describe("quantising on load", () => {
  beforeAll(() => useBackend("cpu"));

  it.each(["F16", "BF16"] as const)("reads %s", async (dtype) => {
    const { config, bytes } = await filesOf(pretrained("qwen3"), dtype);
    const options = { bits: 8, groupSize: 32, parts: ["tokenEmbedding", "layers.*.attention.*"] } as const;
    const patterns = ["tokenEmbedding", ...["query", "key", "value", "output"].map((part) => `layers.*.attention.${part}`)];
    const wanted = { ...options, parts: patterns };
    const [small, plain] = [await load(config, bytes, { quantize: wanted }), await load(config, bytes)];
    expect(contents(small.model)).toEqual(contents(use(quantize(plain.model as Composite, wanted))));
  });

  it("takes a number of bits, with groups of 64", async () => {
    const sizes = { ...common, dModel: 64, hiddenDim: 64 };
    const saved = { family: "llama", sizes, model: use(families.llama(sizes)) } as Pretrained;
    const { config, bytes } = await filesOf(saved);
    const [small, plain] = [await load(config, bytes, { quantize: 8 }), await load(config, bytes)];
    expect(contents(small.model)).toEqual(contents(use(quantize(plain.model as Composite, { bits: 8 }))));
  });

  it("quantises a part of a tensor of the file, but refuses to save that", async () => {
    const { config, bytes } = await filesOf(pretrained("phi3"));
    const options = { bits: 8, groupSize: 16, parts: "layers.0.attention.query" } as const;
    const [small, plain] = [await load(config, bytes, { quantize: options }), await load(config, bytes)];
    expect(contents(small.model)).toEqual(contents(use(quantize(plain.model as Composite, options))));
    expect(() => modelFiles(small)).toThrow(
      "modelFiles: model.layers.0.attention.key.weight must be quantised as layers.0.attention.query.weight, layers.0.attention.value.weight, with which it is one tensor of the file, got float32",
    );
  });

  it("reports the bytes of what it reads, up to all of them", async () => {
    const files = modelFiles(
      await load(...(await filesOf(pretrained("gpt2")).then(({ config, bytes }) => [config, bytes] as const)), {
        quantize: { bits: 4, groupSize: 16 },
      }),
    );
    const seen: number[] = [];
    const onProgress = ({ loadedBytes, totalBytes }: { loadedBytes: number; totalBytes: number }) =>
      void seen.push(loadedBytes / totalBytes);
    await load(JSON.parse(files["config.json"]), files["model.safetensors"], { onProgress });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });
});

describe("the memory of quantising on load", () => {
  beforeEach(() => useBackend("wasm"));

  const sizes = { vocabSize: 6000, dModel: 256, numLayers: 2, numHeads: 4, hiddenDim: 512, tiedHead: true };

  it("holds codes and scales, and beside them less than a tenth: no float32 weight", async () => {
    const { config, bytes } = await filesOf({ family: "qwen3", sizes, model: use(families.qwen3(sizes)) }, "BF16");
    const { result: loaded, peak } = await countingHeap(async () => load(config, bytes, { quantize: 8 }));
    const model = loaded.model as Composite;
    const held = [...Object.values(model.buffers()), ...Object.values(model.parameters())].reduce((sum, { size }) => sum + 4 * size, 0);
    expect(held).toBeLessThan(0.3 * 4 * 6000 * 256 + 0.3 * 4 * 2 * 4 * 256 * 512);
    expect(peak).toBeGreaterThan(0.99 * held);
    expect(peak).toBeLessThan(1.1 * held);
  });

  it("leaves nothing behind when the heap is full", async () => {
    const { config, bytes } = await filesOf({ family: "qwen3", sizes, model: use(families.qwen3(sizes)) });
    for (const limit of [0, 1e5, 1e6, 2e6]) {
      await expectNewTensors(async () => {
        const weights = await openSafetensors(bytes);
        const full = countingHeap(() => loadModel({ config, weights }, { quantize: 8 }), limit);
        await expect(full).rejects.toThrow(AllocationError);
      }, 0);
    }
  });

  it("leaves nothing behind when a read fails at any place", async () => {
    const { config, bytes } = await filesOf(pretrained("llama"));
    const quantized = modelFiles(await load(config, bytes, { quantize: { bits: 4, groupSize: 16 } }));
    const variables = Object.keys(engine().state.registeredVariables);
    for (const at of [0, 1, 2, 5, 11, 17]) {
      for (const [each, file, options] of [
        [config, bytes, { quantize: { bits: 8, groupSize: 16 } }],
        [JSON.parse(quantized["config.json"]), quantized["model.safetensors"], {}],
      ] as const) {
        const weights = failing(await openSafetensors(file), at);
        await expectNewTensors(() => expect(loadModel({ config: each, weights }, options)).rejects.toThrow("gone"), 0);
        expect(Object.keys(engine().state.registeredVariables)).toEqual(variables);
      }
    }
  });
});

/** Runs a body and tells the most bytes of the heap that it had at one time. @param limit what the heap has for it */
async function countingHeap<Result>(body: () => Promise<Result>, limit = Infinity): Promise<{ result: Result; peak: number }> {
  tensor1d([1]).dispose(); // Emscripten replaces _malloc and _free when they are first called
  const { wasm } = backend() as unknown as { wasm: { _malloc: (size: number) => number; _free: (address: number) => void } };
  const { _malloc: allocate, _free: free } = wasm;
  const sizes = new Map<number, number>();
  let [held, peak] = [0, 0];
  wasm._malloc = (size) => {
    if (held + size > limit) return 0;
    const address = allocate(size);
    sizes.set(address, size);
    held += size;
    peak = Math.max(peak, held);
    return address;
  };
  wasm._free = (address) => {
    held -= sizes.get(address) ?? 0;
    sizes.delete(address);
    free(address);
  };
  try {
    return { result: await body(), peak };
  } finally {
    Object.assign(wasm, { _malloc: allocate, _free: free });
  }
}

/** Weights whose reads fail from one on. */
function failing(weights: SafetensorsReader, at: number): SafetensorsReader {
  let reads = 0;
  const fail = () => {
    if (reads++ >= at) throw new Error("gone");
  };
  return {
    ...weights,
    names: weights.names,
    info: (name) => weights.info(name),
    async read(name, options) {
      fail();
      return weights.read(name, options);
    },
    async *readRows(name, options) {
      for await (const rows of weights.readRows(name, options)) {
        yield rows;
        fail();
      }
    },
  };
}
