import { io, mean, memory, ones, randomNormal, square, sub, type Tensor, tensor2d, train } from "@tensorflow/tfjs-core";
import { type LayersModel, layers, loadLayersModel, sequential } from "@tensorflow/tfjs-layers";
import { causal } from "@tfblocks/masks";
import { Random } from "@tfblocks/tensor-utils";
import { asLayer, type LayerCall, registerLayer } from "@tfblocks/tensor-utils/layers";
import { type BackendName, fusedBackendNames, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { torchEncoderLayer, type TorchLayerSizes } from "./models.js";
import { TokenEmbedding, type TransformerLayer } from "./index.js";

const call: LayerCall<TransformerLayer> = (layer, [x], { training, seed }) => layer.apply(x!, { mask: causal(), training, seed }).output;

const causalLayer = registerLayer("TestCausalLayer", {
  build: ({ seed, ...sizes }: Omit<TorchLayerSizes, "random"> & { readonly seed: number }) =>
    torchEncoderLayer({ ...sizes, random: new Random(seed) }),
  call,
});

const sizes = { dModel: 8, numHeads: 2, hiddenDim: 16, dropout: 0.1 };

function newModel(): LayersModel {
  return sequential({
    layers: [causalLayer({ ...sizes, seed: 1 }, { inputShape: [null, 8] }), causalLayer({ ...sizes, seed: 2 }), layers.dense({ units: 3 })],
  });
}

const errorOf = (model: LayersModel, x: Tensor, y: Tensor) => use(() => mean(square(sub(model.predict(x) as Tensor, y)))).dataSync()[0]!;

const backends: BackendName[] = ["cpu", ...fusedBackendNames.slice(-1)];

describe.each(backends)("transformer layers in a model of tf.layers on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("are trained by fit, all parameters of them, saved and loaded", async () => {
    const model = use(newModel());
    expect(model.trainableWeights).toHaveLength(2 * 16 + 2);
    const [x, y] = [use(randomNormal([16, 5, 8], 0, 1, "float32", 1)), use(randomNormal([16, 5, 3], 0, 1, "float32", 2))];
    const before = model.getWeights().map((each) => each.dataSync().join());
    model.compile({ optimizer: use(train.adam(0.01)), loss: "meanSquaredError" });
    const first = errorOf(model, x, y);
    await model.fit(x, y, { epochs: 1 });
    const tensors = memory().numTensors;
    await model.fit(x, y, { epochs: 30 });
    expect(memory().numTensors).toBe(tensors);
    expect(errorOf(model, x, y)).toBeLessThan(first / 2);
    const unchanged = model
      .getWeights()
      .flatMap((each, index) => (each.dataSync().join() === before[index] ? [model.weights[index]!.originalName] : []));
    // The bias of keys shifts all scores of a query alike, so its gradient is 0 up to rounding.
    expect(unchanged.filter((name) => !name.endsWith("key.bias"))).toEqual([]);
    const loaded = use(await saveAndLoad(model));
    expect(use(loaded.predict(x) as Tensor).dataSync()).toEqual(use(model.predict(x) as Tensor).dataSync());
  });
});

it("an embedding of token ids is the first layer of a model, and is trained", async () => {
  await useBackend("cpu");
  const embedding = use(new TokenEmbedding({ vocabSize: 7, dModel: 4 }));
  const first = asLayer(embedding, { inputShape: [3], dtype: "int32" });
  const model = use(sequential({ layers: [first, layers.dense({ units: 2 })] }));
  expect(model.outputs[0]!.shape).toEqual([null, 3, 2]);
  model.compile({ optimizer: use(train.sgd(1)), loss: "meanSquaredError" });
  const before = [...embedding.weight.dataSync()];
  const [ids, y] = [use(tensor2d([[1, 2, 6]], [1, 3], "int32")), use(ones([1, 3, 2]))];
  await model.fit(ids, y, { epochs: 1 });
  const after = [...embedding.weight.dataSync()];
  const changed = [0, 1, 2, 3, 4, 5, 6].filter(
    (row) => after.slice(4 * row, 4 * row + 4).join() !== before.slice(4 * row, 4 * row + 4).join(),
  );
  expect(changed).toEqual([1, 2, 6]);
});

async function saveAndLoad(model: LayersModel): Promise<LayersModel> {
  const saved: io.ModelArtifacts[] = [];
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      saved.push(artifacts);
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  return loadLayersModel(io.fromMemory(saved[0]!));
}
