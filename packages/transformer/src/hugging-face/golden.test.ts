import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { modelFixture, type ModelFixtureName, modelFixtureNames, modelFixtureSides } from "@tfblocks/fixtures/models";
import { openSafetensors } from "@tfblocks/weights";
import { type BackendName, backendNames, countsMemory, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { EncoderDecoder } from "../index.js";
import { batchOf, expectedOf, type GoldenModel, goldenModel, outputsOf } from "../testing/golden-model.js";
import { families, familyOf } from "../families/registry.js";

/** Absolute, in float32, against transformers in float64. */
const tolerance = 1e-4;

/** Graphics backends are emulated here and slow, so they run one model of each kind. */
const namesOn = (backend: BackendName): readonly ModelFixtureName[] =>
  countsMemory(backend) ? modelFixtureNames : ["gpt2", "bert-pooler", "llama-default", "t5-relu"];

describe.each(backendNames)("models of Hugging Face on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(namesOn(backend))("%s: logits, every hidden state and every attention map as transformers computes them", async (name) => {
    const golden = use(await goldenModel(name));
    const expected = use(await expectedOf(golden.fixture));
    const computed = use(allOutputs(golden));
    expect(Object.keys(computed).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [output, tensor] of Object.entries(computed)) {
      const difference = await largestDifference(tensor, expected[output]!, keptRows(golden, output, tensor.shape));
      expect(difference, `difference of ${output}`).toBeLessThan(tolerance);
    }
  });
});

it.each(modelFixtureNames)("%s: the configs of transformers 4 and 5 give the same sizes", async (name) => {
  const { config, config4, weights } = await modelFixture(name);
  const { names } = await openSafetensors(weights);
  const sizesOf = (from: unknown) => {
    const { model_type: type } = from as { readonly model_type: string };
    return perLayer(families[familyOf(type)].readConfig(from, new Set(names)));
  };
  expect(sizesOf(config4)).toEqual(sizesOf(config));
});

/** Sizes in which a function of the layer is the list of its values. */
function perLayer(sizes: { readonly numLayers: number }): object {
  const layers = Array.from({ length: sizes.numLayers }, (_, index) => index);
  const listed = (value: unknown) =>
    typeof value === "function" ? layers.map((index) => (value as (index: number) => unknown)(index)) : value;
  return Object.fromEntries(Object.entries<unknown>({ ...sizes }).map(([name, value]) => [name, listed(value)])) as object;
}

function allOutputs(golden: GoldenModel): Record<string, Tensor> {
  const sides = modelFixtureSides.map((side) => {
    const batch = batchOf(golden.fixture.case.inputs[side]);
    const outputs = outputsOf(golden, side, batch);
    dispose([batch.ids, batch.positions, batch.segments, batch.target] as never);
    return outputs;
  });
  return Object.assign({}, ...sides) as Record<string, Tensor>;
}

/** Whether to compare each row of an output; undefined = all. A pooler reads the first token. */
function keptRows({ fixture, loaded }: GoldenModel, output: string, shape: readonly number[]): readonly boolean[] | undefined {
  const [side, part] = output.split(".") as [(typeof modelFixtureSides)[number], string];
  const compare = fixture.case.compare[side].map((row) => row.map(Boolean));
  if (part === "pooled") return compare.map((row) => row[0]!);
  if (loaded.model instanceof EncoderDecoder && part !== "encoder") return undefined;
  const heads = shape.length === 4 ? shape[1]! : 1;
  return compare.flatMap((row) => Array.from({ length: heads }, () => row).flat());
}

async function largestDifference(ours: Tensor, theirs: Tensor, kept: readonly boolean[] | undefined): Promise<number> {
  expect(ours.shape).toEqual(theirs.shape);
  const [a, b] = [await ours.data(), await theirs.data()];
  const width = kept === undefined ? a.length : a.length / kept.length;
  let largest = 0;
  for (let index = 0; index < a.length; index++) {
    if (kept !== undefined && !kept[Math.floor(index / width)]) continue;
    const difference = Math.abs(a[index]! - b[index]!);
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }
  return largest;
}
