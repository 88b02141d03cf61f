import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { Random, scope } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import { recipes } from "@tfblocks/zoo";
import { describe, expect, test } from "vitest";
import { describeModel, type OpenModel } from "../../models/open-model.js";
import { checkPicture } from "./checks.js";
import { modelPicture } from "./model-picture.js";
import { headVector, readCell } from "./read-cell.js";
import { type AttentionSettings, defaultSettings } from "./settings.js";

type Named = (typeof recipes)[number];

function open(recipe: Named): OpenModel {
  const before = memory().numTensors;
  const model = recipe.build(new Random(1));
  return describeModel({ name: recipe.name, model, tokenizer: recipe.tokenizer, held: memory().numTensors - before });
}

const settingsOf = ({ name, probe }: Named): AttentionSettings => ({
  ...defaultSettings,
  model: name,
  text: probe.text,
  keyText: probe.answer ?? "",
});

/** The weights that the model itself returns. */
function returnedWeights({ model, tokenizer }: OpenModel, { text, keyText, layer, part }: AttentionSettings): Float32Array {
  const ids = (list: readonly number[]) => tensor2d([...list], [1, list.length], "int32");
  return scope(() => {
    const source = ids(tokenizer.encode(text));
    if (!(model instanceof EncoderDecoder)) {
      return model.hidden(source, { needWeights: true }).weights![layer]!.dataSync().slice() as Float32Array;
    }
    const { encoder, weights, crossWeights } = model.apply(source, ids([0, ...tokenizer.encode(keyText)]), { needWeights: true });
    const chosen = { self: weights, decoder: weights, cross: crossWeights, encoder: encoder.weights }[part]!;
    return chosen[layer]!.dataSync().slice() as Float32Array;
  });
}

describe.each(recipes.map((recipe) => [recipe.name, recipe] as const))("the attention of %s", (_name, recipe) => {
  test("is the same as the model returns in every part and layer, and all tensors are freed", () => {
    const opened = open(recipe);
    const before = memory().numTensors;
    for (const { part, layers, heads } of opened.info.parts) {
      for (let layer = 0; layer < layers; layer++) {
        const settings = { ...settingsOf(recipe), part, layer };
        const { picture } = modelPicture(opened, settings);
        expect(memory().numTensors).toBe(before);
        expect(picture.liveTensors).toBe(before - opened.held);
        expect(picture.heads).toBe(heads);
        const returned = returnedWeights(opened, settings);
        const furthest = returned.reduce((max, weight, at) => Math.max(max, Math.abs(weight - picture.stages.probabilities[at]!)), 0);
        expect(furthest).toBeLessThan(1e-5);
        expect(checkPicture(picture).filter(({ passed }) => !passed)).toEqual([]);
      }
    }
    opened.close();
    expect(memory().numTensors).toBe(before - opened.held);
  });

  test("has vectors whose dot product is the raw score", () => {
    const opened = open(recipe);
    const { picture } = modelPicture(opened, { ...settingsOf(recipe), part: opened.info.parts.at(-1)!.part });
    const query = headVector(picture, picture.queries, 2, 1);
    const key = headVector(picture, picture.keys, 1, 1);
    const product = query.reduce((sum, value, dim) => sum + value * key[dim]!, 0);
    expect(readCell(picture, 1, { query: 2, key: 1 }).raw).toBeCloseTo(product, 4);
    opened.close();
  });
});

test("a layer number that is too large selects the last layer, and a text without tokens is refused", () => {
  const opened = open(recipes[0]!);
  expect(modelPicture(opened, { ...settingsOf(recipes[0]!), layer: 99, part: "self" }).picture.model).toMatchObject({ part: "encoder" });
  const before = memory().numTensors;
  expect(() => modelPicture(opened, { ...settingsOf(recipes[0]!), text: "" })).toThrow(/at least one token/);
  expect(() => modelPicture(opened, { ...settingsOf(recipes[0]!), text: "§" })).toThrow(/vocabulary/);
  expect(memory().numTensors).toBe(before);
  opened.close();
});
