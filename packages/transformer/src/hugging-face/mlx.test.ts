import { tensor2d } from "@tensorflow/tfjs-core";
import { mlxFixture, type MlxFixtureName, mlxFixtureNames } from "@tfblocks/fixtures/mlx";
import { expectClose, expectNewTensors, use, useBackend } from "@tfblocks/testkit";
import { openSafetensors, type SafetensorsReader } from "@tfblocks/weights";
import type { LanguageModel } from "@tfblocks/transformer";
import { beforeAll, describe, expect, it } from "vitest";
import { loadModel, modelFiles, type Pretrained } from "../hugging-face.js";

async function load(name: MlxFixtureName): Promise<Pretrained> {
  const { config, weights: bytes } = await mlxFixture(name);
  const weights = await openSafetensors(bytes);
  const loaded = await loadModel({ config, weights });
  use(loaded.model);
  return loaded;
}

/** The elements of each tensor, with their dtype. */
async function contents(bytes: Uint8Array): Promise<Record<string, unknown>> {
  const reader = await openSafetensors(bytes);
  const entries = reader.names.map(async (name) => [name, [reader.info(name).dtype, ...(await elementsOf(reader, name))]] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function elementsOf(reader: SafetensorsReader, name: string): Promise<number[]> {
  const all: number[] = [];
  for await (const { elements } of reader.readRows(name)) all.push(...elements);
  return all;
}

describe.each(mlxFixtureNames)("the folder %s of mlx-lm", (name) => {
  beforeAll(() => useBackend("cpu"));

  it("computes what mlx-lm computes", async () => {
    const { ids, logits } = await mlxFixture(name);
    const { model } = await load(name);
    const output = use((model as LanguageModel).apply(use(tensor2d(ids, [2, 5], "int32"))).logits);
    await expectClose(output, { shape: output.shape, data: logits }, { atol: 2e-5, rtol: 2e-5 });
  });

  it("is saved with the same codes, scales and biases", async () => {
    const { weights: bytes, config } = await mlxFixture(name);
    const files = modelFiles(await load(name));
    const [before, after] = [await contents(bytes), await contents(files["model.safetensors"])];
    const names = Object.keys(before).filter((each) => !/\.wpe\.(scales|biases)$/.test(each)); // positions are widened
    expect(Object.keys(after).toSorted()).toEqual(names.toSorted());
    const layers = names.flatMap((each) => (each.endsWith(".scales") ? [each.slice(0, -".scales".length)] : []));
    for (const layer of layers) {
      for (const part of ["weight", "scales", "biases"]) expect(after[`${layer}.${part}`]).toEqual(before[`${layer}.${part}`]);
    }
    const saved = JSON.parse(files["config.json"]) as Record<string, object>;
    const precisions = Object.entries(config["quantization"] as object).map(([field, value]) => [
      field,
      typeof value === "object" ? { ...(value as object), mode: "affine" } : (value as unknown),
    ]);
    expect(saved["quantization"]).toEqual(Object.fromEntries(precisions));
    expect(saved["quantization_config"]).toEqual(saved["quantization"]);
  });

  it("leaves nothing behind when its model is disposed", async () => {
    const { config, weights } = await mlxFixture(name);
    await expectNewTensors(async () => {
      const loaded = await loadModel({ config, weights: await openSafetensors(weights) });
      loaded.model.dispose();
    }, 0);
  });
});
