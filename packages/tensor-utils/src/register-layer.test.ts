import { io, memory, type Tensor } from "@tensorflow/tfjs-core";
import { layers, type LayersModel, loadLayersModel, sequential } from "@tensorflow/tfjs-layers";
import { Linear, Random } from "@tfblocks/tensor-utils";
import { asLayer, registerLayer } from "@tfblocks/tensor-utils/layers";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { data, fit, Residual } from "./testing/residual-layers.js";

const residualLayer = registerLayer("TestResidual", {
  build: (sizes: { readonly width: number; readonly seed?: number }) => new Residual(sizes),
});

async function savedAndLoaded(model: LayersModel): Promise<{ artifacts: io.ModelArtifacts; loaded: LayersModel }> {
  let artifacts: io.ModelArtifacts | undefined;
  await model.save(
    io.withSaveHandler(async (given) => {
      artifacts = given;
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(given) };
    }),
  );
  const text = JSON.stringify(artifacts!.modelTopology); // as in a file
  const loaded = await loadLayersModel(io.fromMemory({ ...artifacts, modelTopology: JSON.parse(text) as object }));
  return { artifacts: artifacts!, loaded };
}

describe("registerLayer", () => {
  beforeAll(() => useBackend("cpu"));

  it("makes layers that are trained, saved and loaded", async () => {
    const model = use(
      sequential({
        layers: [residualLayer({ width: 3, seed: 5 }, { inputShape: [4, 3] }), residualLayer({ width: 3 }), layers.dense({ units: 3 })],
      }),
    );
    await fit(model, 3);
    const { artifacts, loaded } = await savedAndLoaded(model);
    use(loaded);
    expect(artifacts.weightSpecs!.map(({ name }) => name)).toContain(`${model.layers[1]!.name}/down.weight`);
    const { x } = data();
    expect(use(loaded.predict(x) as Tensor).dataSync()).toEqual(use(model.predict(x) as Tensor).dataSync());
    expect(loaded.trainableWeights).toHaveLength(10);
    const [again, continued] = [await fit(loaded, 2), await fit(model, 2)];
    expect(again).toEqual(continued);
  });

  it("frees the block with the model", async () => {
    const before = memory().numTensors;
    const model = sequential({ layers: [residualLayer({ width: 3 }, { inputShape: [4, 3] })] });
    expect(memory().numTensors).toBe(before + 4);
    expect(model.dispose().numDisposedVariables).toBe(4);
    expect(memory().numTensors).toBe(before);
  });
});

describe("the names and sizes of registerLayer", () => {
  beforeAll(() => useBackend("cpu"));

  it("keeps sizes as they are, whatever tfjs does with names and strings", async () => {
    const seen: unknown[] = [];
    const layerOf = registerLayer("TestSizes", {
      build(sizes: object) {
        seen.push(sizes);
        return new Linear({ inFeatures: 3, outFeatures: 3 });
      },
    });
    const sizes = { numKvHeads: 2, activation: "geluTanh", snake_case: "A b_c", list: [{ x: null }], off: false };
    const model = use(sequential({ layers: [layerOf(sizes, { inputShape: [3, 3], trainable: false, seed: 3 })] }));
    const { loaded } = await savedAndLoaded(model);
    use(loaded);
    expect(seen).toEqual([sizes, sizes]);
    expect(loaded.layers[0]!.trainable).toBe(false);
  });

  it("rejects names that are taken or would be rewritten, and sizes that are not JSON", () => {
    const build = () => new Linear({ inFeatures: 1, outFeatures: 1 });
    expect(() => registerLayer("Dense", { build })).toThrow('registerLayer: className must be a new name, got "Dense", which is taken');
    expect(() => registerLayer("TestResidual", { build })).toThrow("which is taken");
    expect(() => registerLayer("my_layer", { build })).toThrow(
      'registerLayer: className must be a capital letter, then letters and digits, got "my_layer"',
    );
    expect(() => residualLayer({ width: 3, random: new Random(1) } as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TestResidual: sizes.random must be JSON, so that the model can be saved, got an object; set it in build]`,
    );
    expect(() => residualLayer({ width: NaN })).toThrow("TestResidual: sizes.width must be JSON, so that the model can be saved, got NaN");
  });
});

describe("a layer without registerLayer", () => {
  beforeAll(() => useBackend("cpu"));

  it("is refused by model.save, with what to do", async () => {
    const block = use(new Residual({ width: 3 }));
    const model = use(sequential({ layers: [asLayer(block, { name: "mine", inputShape: [4, 3] })] }));
    await expect(savedAndLoaded(model)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: asLayer: layer "mine" must be made by registerLayer to be saved with its model, got a block, which a file cannot hold; register how to build the block, or save its stateDict()]`,
    );
  });
});
