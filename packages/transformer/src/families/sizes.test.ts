import { modelFixture, modelFixtureNames } from "@tfblocks/fixtures/models";
import { useBackend } from "@tfblocks/testkit";
import { loadModel } from "@tfblocks/transformer/hugging-face";
import { families, type FamilyName, llama } from "@tfblocks/transformer/models";
import { openSafetensors } from "@tfblocks/weights";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useBackend("cpu"));

/** The family and the sizes of a fixture. */
async function fixtureSizes(name: (typeof modelFixtureNames)[number]): Promise<{ family: FamilyName; sizes: object }> {
  const { config, weights } = await modelFixture(name);
  const { family, sizes, model } = await loadModel({ config, weights: await openSafetensors(weights) });
  model.dispose();
  return { family, sizes };
}

const without = (sizes: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(sizes).filter(([name]) => !names.includes(name)));

describe.each(modelFixtureNames)("the builder of %s", (fixture) => {
  it("refuses sizes that are unknown, missing or out of range, and leaves nothing behind", async () => {
    const { family, sizes } = await fixtureSizes(fixture);
    const builder = families[family] as (sizes: object) => unknown;
    const build = (changed: object) => () => builder({ ...without(sizes, ["headDim", "numKvHeads"]), ...changed });
    expect(build({ numLayers: 0 })).toThrow(`${family}: numLayers must be an integer >= 1, got 0`);
    expect(build({ numLayers: 1.5 })).toThrow("got 1.5");
    expect(build({ numLayers: undefined })).toThrow("got undefined");
    expect(build({ numLayer: 1 })).toThrow(`${family}: unknown size "numLayer"; known sizes: vocabSize, dModel, numLayers`);
    expect(build({ numHeads: 7 })).toThrow(`${family}: dModel must be divisible by numHeads = 7`);
    expect(build({ hiddenDim: 0 })).toThrow(`${family}: hiddenDim must be an integer >= 1, got 0`);
    expect(build({ dropout: 1 })).toThrow(`${family}: dropout must be a number in [0, 1), got 1`);
    expect(build({ random: 42 })).toThrow(`${family}: random must be a Random, got 42; pass new Random(42)`);
    for (const flag of Object.keys(sizes).filter((name) => typeof sizes[name as never] === "boolean")) {
      for (const value of ["false", 0, null]) expect(build({ [flag]: value })).toThrow(`${family}: ${flag} must be true or false, got`);
    }
    if ("trainedLength" in sizes) {
      expect(build({ trainedLength: "8" })).toThrow(`${family}: trainedLength must be an integer >= 1, got "8"`);
    }
    if ("window" in sizes) {
      expect(build({ window: 4 })).toThrow(
        `${family}: window must be a function of the layer's index, got 4; pass () => 4 for every layer`,
      );
    }
    if ("eps" in sizes) expect(build({ eps: 0 })).toThrow(`${family}: eps must be a finite float32 number > 0, got 0`);
  });
});

it("llama refuses heads that do not share key-value heads evenly", () => {
  const sizes = { vocabSize: 9, dModel: 16, numLayers: 1, numHeads: 4, numKvHeads: 3, hiddenDim: 8 };
  expect(() => llama(sizes)).toThrow("llama: numKvHeads must be a divisor of numHeads = 4, got 3");
});

it("every family has the name of its builder, and a fixture", async () => {
  const tried = new Set((await Promise.all(modelFixtureNames.map(fixtureSizes))).map(({ family }) => family));
  expect([...tried].toSorted()).toEqual(Object.keys(families).toSorted());
  for (const [name, { layout }] of Object.entries(families)) expect(layout.name).toBe(name);
});
