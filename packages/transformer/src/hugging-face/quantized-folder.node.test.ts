import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantize } from "@tfblocks/quantization";
import type { Composite } from "@tfblocks/tensor-utils";
import { contentsOf, expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { modelFiles, type Pretrained } from "@tfblocks/transformer/hugging-face";
import { loadFolder, saveFolder } from "@tfblocks/transformer/hugging-face/node";
import { qwen3 } from "@tfblocks/transformer/models";
import { openSafetensorsFile, writeSafetensorsFile } from "@tfblocks/weights/node";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const sizes = { vocabSize: 20, dModel: 32, numLayers: 2, numHeads: 2, headDim: 16, hiddenDim: 64 };
const options = { bits: 8, groupSize: 32 } as const;

let folder = "";
beforeAll(() => useBackend("cpu"));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "quantized-"));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]): string => join(folder, ...names);
const pretrained = (): Pretrained => ({ family: "qwen3", sizes, model: use(qwen3(sizes)) });
const stateOf = (model: object) => contentsOf(use((model as Composite).stateDict()));

/** Splits the weights of a folder into two files with an index. */
async function shard(path: string): Promise<void> {
  const file = join(path, "model.safetensors");
  const reader = await openSafetensorsFile(file);
  const state = Object.entries(use(await reader.readAll()));
  await reader.close();
  const parts = { "model-1.safetensors": state.slice(0, 7), "model-2.safetensors": state.slice(7) };
  for (const [name, part] of Object.entries(parts)) await writeSafetensorsFile(join(path, name), Object.fromEntries(part));
  const places = Object.entries(parts).flatMap(([name, part]) => part.map(([tensor]) => [tensor, name]));
  await writeFile(join(path, "model.safetensors.index.json"), JSON.stringify({ weight_map: Object.fromEntries(places) }));
  await rm(file);
}

describe("loadFolder with quantize", () => {
  it("gives the model of quantize, of one file and of shards", async () => {
    const saved = pretrained();
    await saveFolder(folder, saved);
    const expected = await stateOf(use(quantize(saved.model as Composite, options)));
    const load = async () => stateOf(use((await loadFolder(folder, { quantize: options })).model));
    expect(await load()).toEqual(expected);
    await shard(folder);
    expect(await load()).toEqual(expected);
  });

  it("gives a model that owns everything", async () => {
    await saveFolder(folder, pretrained());
    await expectNewTensors(async () => (await loadFolder(folder, { quantize: options })).model.dispose(), 0);
  });
});

describe("saveFolder of a quantised model", () => {
  it("writes the files of modelFiles, which load as the same model and are written again byte for byte", async () => {
    await saveFolder(at("plain"), pretrained());
    const loaded = await loadFolder(at("plain"), { quantize: options });
    use(loaded.model);
    await saveFolder(at("small"), loaded);
    const files = modelFiles(loaded);
    expect(new Uint8Array(await readFile(at("small", "model.safetensors")))).toEqual(files["model.safetensors"]);
    const again = await loadFolder(at("small"));
    expect(await stateOf(use(again.model))).toEqual(await stateOf(loaded.model));
    await saveFolder(at("again"), again);
    for (const name of ["config.json", "model.safetensors"]) {
      expect(await readFile(at("again", name))).toEqual(await readFile(at("small", name)));
    }
  });

  it("forgets the quantisation of a folder whose model is no longer quantised", async () => {
    await saveFolder(at("plain"), pretrained());
    const small = await loadFolder(at("plain"), { quantize: options });
    use(small.model);
    await saveFolder(at("small"), small);
    const { config } = await loadFolder(at("small")).then((loaded) => {
      loaded.model.dispose();
      return loaded;
    });
    const files = modelFiles({ ...pretrained(), config });
    expect(JSON.parse(files["config.json"])).not.toHaveProperty("quantization");
    expect(JSON.parse(files["config.json"])).not.toHaveProperty("quantization_config");
  });
});
