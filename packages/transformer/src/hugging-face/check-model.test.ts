import { mul, type Tensor } from "@tensorflow/tfjs-core";
import { RMSNorm } from "@tfblocks/norm";
import { borrowed, Linear, Random, replaceParts } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { modelFiles, type Pretrained } from "@tfblocks/transformer/hugging-face";
import { llama, type LlamaSizes } from "@tfblocks/transformer/models";
import { beforeAll, describe, expect, it } from "vitest";

const sizes: LlamaSizes = { vocabSize: 7, dModel: 8, numLayers: 2, numHeads: 2, hiddenDim: 12, random: new Random(3) };

describe("a model is saved only as what its sizes say", () => {
  let model: ReturnType<typeof llama>;
  const save = (changed: Pretrained["model"], own: LlamaSizes = sizes) =>
    modelFiles({ family: "llama", sizes: own, model: changed } as Pretrained);

  beforeAll(async () => {
    await useBackend("cpu");
    model = llama(sizes);
  });

  it("also with a part replaced by one that is the same but for its numbers", () => {
    const other = use(replaceParts(model, "layers.0.attention.query", () => new Linear({ inFeatures: 8, outFeatures: 8, bias: false })));
    expect(Object.keys(save(other))).toEqual(["config.json", "model.safetensors"]);
  });

  it("refuses a norm of another eps", () => {
    const other = use(replaceParts(model, "layers.1.attentionNorm", () => new RMSNorm({ features: 8, eps: 0.1 })));
    expect(() => save(other)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: modelFiles: model.stack.layers.1.attentionNorm.eps must be 0.000001, as llama builds it from the sizes, got 0.1; save the parameters of a model of its own parts with writeSafetensors]`,
    );
  });

  it("refuses a part that computes something else with the same parameters", () => {
    const doubled = (part: Linear) => borrowed(part, (inner) => ({ apply: (x: Tensor) => mul(inner.apply(x), 2) }));
    expect(() => save(use(replaceParts(model, "layers.0.feedForward.down", doubled)))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: modelFiles: model.stack.layers.0.feedForward.down must be a Linear, as llama builds it from the sizes, got a Linear with another apply; save the parameters of a model of its own parts with writeSafetensors]`,
    );
  });

  it("refuses a bias that the config does not mention", () => {
    const other = use(replaceParts(model, "layers.0.attention.key", () => new Linear({ inFeatures: 8, outFeatures: 8 })));
    expect(() => save(other)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: modelFiles: model.stack.layers.0.attention.key.bias must be undefined, as llama builds it from the sizes, got a parameter of shape [8]; save the parameters of a model of its own parts with writeSafetensors]`,
    );
  });

  it("refuses the sizes of another model", () => {
    expect(() => save(model, { ...sizes, theta: 5 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: modelFiles: model.stack.layers.0.attention.rotary.config.theta must be 5, as llama builds it from the sizes, got 10000; save the parameters of a model of its own parts with writeSafetensors]`,
    );
    expect(() => save(model, { ...sizes, hiddenDim: 13 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: modelFiles: model.stack.layers.0.feedForward.gate.weight must be a parameter of shape [13, 8], as llama builds it from the sizes, got a parameter of shape [12, 8]; save the parameters of a model of its own parts with writeSafetensors]`,
    );
  });
});
