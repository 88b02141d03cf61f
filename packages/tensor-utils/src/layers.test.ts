import { add, memory, mul, ones, type Scalar, sum, type Tensor, tensor, train, transpose } from "@tensorflow/tfjs-core";
import { input, layers, model as modelOf, sequential } from "@tensorflow/tfjs-layers";
import { Linear, type ParameterMap, Random } from "@tfblocks/tensor-utils";
import { asLayer, type LayerCallOptions } from "@tfblocks/tensor-utils/layers";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { data, fit, Residual } from "./testing/residual-layers.js";

const valuesOf = (parameters: ParameterMap) =>
  Object.fromEntries(Object.entries(parameters).map(([name, each]) => [name, [...each.dataSync()]]));
const unchanged = (before: Record<string, number[]>, after: Record<string, number[]>) =>
  Object.keys(before).filter((name) => before[name]!.join() === after[name]!.join());

describe("asLayer", () => {
  beforeAll(() => useBackend("cpu"));

  it("trains a block like the layer of tfjs that computes the same", async () => {
    const linear = use(new Linear({ inFeatures: 3, outFeatures: 3, random: new Random(4) }));
    const dense = layers.dense({ units: 3, inputShape: [4, 3] });
    const theirs = use(sequential({ layers: [dense] }));
    dense.setWeights([use(() => transpose(linear.weight)), linear.bias!]);
    const before = valuesOf(linear.parameters());
    const ours = use(sequential({ layers: [asLayer(linear, { inputShape: [4, 3] })] }));
    const [ourLosses, theirLosses] = [await fit(ours, 5), await fit(theirs, 5)];
    ourLosses.forEach((loss, epoch) => expect(loss).toBeCloseTo(theirLosses[epoch]!, 5));
    const [kernel, bias] = dense.getWeights();
    const after = valuesOf(linear.parameters());
    [...use(() => transpose(kernel!)).dataSync()].forEach((each, at) => expect(after["weight"]![at]).toBeCloseTo(each, 5));
    [...bias!.dataSync()].forEach((each, at) => expect(after["bias"]![at]).toBeCloseTo(each, 5));
    expect(after["weight"]).not.toEqual(before["weight"]);
  });

  it("borrows the block, and leaks nothing", async () => {
    const block = use(new Residual({ width: 3 }));
    const layer = asLayer(block, { inputShape: [4, 3] });
    const model = sequential({ layers: [layer] });
    await fit(model, 1);
    const before = memory().numTensors;
    await model.fit(use(ones([8, 4, 3])), use(ones([8, 4, 3])), { epochs: 3 });
    expect(memory().numTensors).toBe(before + 2);
    expect(model.dispose().numDisposedVariables).toBe(0);
    expect(block.up.weight.isDisposed).toBe(false);
  });

  it("rejects what is not a block, unknown options, and results that are not tensors", () => {
    const block = use(new Residual({ width: 3 }));
    expect(() => asLayer({} as never)).toThrow("asLayer: block must be a block with an apply method, got an object");
    expect(() => asLayer(block, { shape: [3] } as never)).toThrow('asLayer: unknown option "shape"');
    const wrapped = { apply: (x: Tensor) => ({ output: x }), parameters: () => ({}), dispose() {} };
    const layer = asLayer(wrapped as never, { inputShape: [4, 3] });
    expect(() => sequential({ layers: [layer] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: asLayer: the output of the block must be a tensor, got an object; pass call, which takes it from the result]`,
    );
  });
});

describe("the training of a block by asLayer", () => {
  beforeAll(() => useBackend("cpu"));

  it("gives every parameter to the model, and changes each of them", async () => {
    const block = use(new Residual({ width: 3 }));
    const before = valuesOf(block.parameters());
    const model = use(sequential({ layers: [asLayer(block, { name: "residual", inputShape: [null, 3] })] }));
    expect(model.outputs[0]!.shape).toEqual([null, null, 3]);
    expect(model.weights.map(({ originalName }) => originalName)).toEqual([
      "residual/up.weight",
      "residual/up.bias",
      "residual/down.weight",
      "residual/down.bias",
    ]);
    const losses = await fit(model, 10);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect(unchanged(before, valuesOf(block.parameters()))).toEqual([]);
    expect(use(model.predict(data().x) as Tensor).dataSync()).toEqual(use(block.apply(data().x)).dataSync());
  });

  it("does not train what is frozen, in the block or by the layer", async () => {
    const block = use(new Residual({ width: 3 }));
    block.up.weight.trainable = false;
    const before = valuesOf(block.parameters());
    const layer = asLayer(block, { inputShape: [4, 3] });
    const model = use(sequential({ layers: [layer] }));
    layer.trainable = false;
    expect(model.trainableWeights).toEqual([]);
    layer.trainable = true;
    expect(model.trainableWeights.map(({ originalName }) => originalName.split("/")[1])).toEqual(["up.bias", "down.weight", "down.bias"]);
    await fit(model);
    const after = valuesOf(block.parameters());
    expect(after["up.weight"]).toEqual(before["up.weight"]);
    expect(after["up.bias"]).not.toEqual(before["up.bias"]);
  });

  it("tells the block that it is trained, with another seed in each call", async () => {
    const block = use(new Residual({ width: 3 }));
    const model = use(sequential({ layers: [asLayer(block, { inputShape: [4, 3], seed: 7 })] }));
    block.seen.length = 0;
    await fit(model, 2);
    const seeds = [0, 1].map((index) => new Random(7).split(index).uint32());
    expect(block.seen).toEqual(seeds.map((seed) => ({ training: true, seed })));
    use(model.predict(data().x) as Tensor);
    expect(block.seen.at(-1)).toEqual({});
  });
});

describe("the call of a layer", () => {
  beforeAll(() => useBackend("cpu"));

  it("takes several inputs, and any result", async () => {
    const block = use(new Residual({ width: 3 }));
    const pair = {
      apply: (a: Tensor, b: Tensor) => ({ output: block.apply(add(a, b)) }),
      parameters: () => block.parameters(),
      dispose() {},
    };
    const inputs = [input({ shape: [4, 3] }), input({ shape: [4, 3] })];
    const layer = asLayer(pair, { call: ({ apply }, [a, b]) => apply(a!, b!).output });
    const model = use(modelOf({ inputs, outputs: layer.apply(inputs) as never }));
    const { x, y } = data();
    expect(use(model.predict([x, y]) as Tensor).dataSync()).toEqual(use(() => block.apply(add(x, y))).dataSync());
  });

  it("gets the mask of its input, and a plain block refuses one", () => {
    const seen: LayerCallOptions[] = [];
    const linear = use(new Linear({ inFeatures: 3, outFeatures: 3 }));
    const ids = use(tensor([[1, 2, 0, 0]], [1, 4], "int32"));
    const masked = (layer: layers.Layer) =>
      use(sequential({ layers: [layers.embedding({ inputDim: 5, outputDim: 3, inputLength: 4, maskZero: true }), layer] }));
    const model = masked(
      asLayer(linear, {
        call: (block, [x], options) => {
          seen.push({ ...options, mask: options.mask?.clone() });
          return block.apply(x!);
        },
      }),
    );
    use(model.predict(ids) as Tensor);
    expect(seen.at(-1)).toMatchObject({ training: false });
    expect(() => masked(asLayer(linear)).predict(ids)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: asLayer: mask must be absent, got a mask; pass call, whose options contain the mask]`,
    );
  });
});

describe("a block in tfjs without asLayer", () => {
  beforeAll(() => useBackend("cpu"));

  it("is trained by tf.train, with and without a list of variables", () => {
    const block = use(new Residual({ width: 3 }));
    const [x, sgd] = [data().x, use(train.sgd(0.1))];
    const loss = () => sum<Scalar>(mul(block.apply(x), block.apply(x)));
    for (const list of [undefined, Object.values(block.parameters())]) {
      const before = valuesOf(block.parameters());
      sgd.minimize(loss, false, list);
      expect(unchanged(before, valuesOf(block.parameters()))).toEqual([]);
    }
  });

  it("is not trained in a custom layer, for fit trains the weights of layers alone", async () => {
    const block = use(new Residual({ width: 3 }));
    class Custom extends layers.Layer {
      static className = "TestCustom";
      override call(inputs: Tensor | Tensor[]): Tensor {
        return block.apply([inputs].flat()[0]!);
      }
    }
    const model = use(sequential({ layers: [layers.dense({ units: 3, inputShape: [4, 3] }), new Custom({})] }));
    const before = valuesOf(block.parameters());
    await fit(model);
    expect(valuesOf(block.parameters())).toEqual(before);
  });
});
