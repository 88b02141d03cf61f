import { memory } from "@tensorflow/tfjs-core";
import { replaceParts } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import type { MultiHeadAttention } from "@tfblocks/attention";
import { RelativePositionBias, relativePositionBucket } from "@tfblocks/positional";
import type { EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import { beforeAll, expect, test } from "vitest";
import type { OpenModel } from "../../../models/opened-model.js";
import { tinyFamilies, tinyModel } from "../../../reading/testing/tiny-models.js";
import type { LayerPlace } from "../../../workspace/chosen-layer.js";
import type { PositionNumbers } from "./picture.js";
import { readPositions } from "./read-positions.js";

beforeAll(() => useBackend("wasm"));

const first: LayerPlace = { kind: "self", layer: 0 };

/** The picture, which must be of an encoding. */
function pictureOf<Name extends PositionNumbers["encoding"]>(opened: OpenModel, place: LayerPlace, encoding: Name) {
  const block = readPositions(opened, place);
  if (!("picture" in block) || block.picture.encoding !== encoding) throw new Error(`the encoding is not ${encoding}`);
  return block.picture as Extract<PositionNumbers, { readonly encoding: Name }>;
}

test.each(tinyFamilies)("%s frees what it makes", (family) => {
  const opened = tinyModel(family);
  const before = memory().numTensors;
  for (const { kind } of opened.info.stacks) if (kind !== "cross") readPositions(opened, { kind, layer: 1 });
  expect(memory().numTensors).toBe(before);
});

test("a learned table is that of the model, and its rows are compared by their angle", async () => {
  const opened = tinyModel("gpt2");
  const { values, width, length, relations } = pictureOf(opened, first, "learned");
  const table = await opened.model.parameters()["positionEmbedding.weight"]!.data();
  expect([length, width]).toEqual([16, 12]);
  expect(values).toEqual(table);
  const row = (at: number) => Array.from(values.subarray(at * width, (at + 1) * width));
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
  const [a, b] = [row(3), row(9)];
  expect(relations[0]!.values[3 * length + 9]).toBeCloseTo(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)), 5);
});

test("a rotation has the frequencies of the model, of as many dimensions as it rotates", () => {
  const llama = pictureOf(tinyModel("llama"), first, "rotary");
  expect([...llama.frequencies]).toEqual([1, expect.closeTo(0.01, 12)]); // headDim 4, base 10,000
  expect(llama.cos[7 * 2]).toBeCloseTo(Math.cos(7), 5);
  const neox = tinyModel("gptNeoX"); // rotates a quarter of 8 dimensions
  const partial = pictureOf(neox, first, "rotary");
  expect([...partial.frequencies]).toEqual([1]);
  expect(partial.sin[5]).toBeCloseTo(Math.sin(5), 5);
  expect(partial.relations[0]!.values[5]).toBeCloseTo((6 + 2 * Math.cos(5)) / 8, 5);
  expect(readPositions(neox, first)).toMatchObject({
    about:
      "This layer rotates its queries and keys (RoPE, base 10,000): 2 of the 8 dimensions of a head, in pairs i and i + 1. The frequencies are not scaled for longer texts.",
  });
});

test.each(["encoder", "decoder"] as const)("a relative bias is the weight of the bucket of the distance: %s", async (kind) => {
  const opened = tinyModel("t5");
  const { buckets, weight, heads, relations, length } = pictureOf(opened, { kind, layer: 1 }, "t5");
  const bias = (opened.model as EncoderDecoder)[kind].relativeBias as RelativePositionBias;
  const sizes = { numBuckets: 8, maxDistance: 6, bidirectional: kind === "encoder" };
  expect(bias.buckets).toEqual(sizes);
  expect(weight).toEqual(await bias.weight.data());
  for (const distance of [-40, -3, 0, 2, 50]) {
    const bucket = relativePositionBucket(distance, sizes);
    expect(buckets[distance + length - 1]).toBe(bucket);
    const query = distance < 0 ? length - 1 : 0;
    expect(relations[2]!.values[query * length + query + distance]).toBe(weight[bucket * heads + 2]);
  }
});

test("a layer without any encoding says so", () => {
  const opened = tinyModel("llama");
  const model = replaceParts(opened.model as LanguageModel, "layers.1.attention", (attention: MultiHeadAttention) =>
    use(attention.remake({ rotary: undefined })),
  );
  expect(readPositions({ ...opened, model }, { kind: "self", layer: 1 })).toMatchObject({
    absent: expect.stringContaining("knows nothing of positions") as string,
  });
  expect(readPositions({ ...opened, model }, first)).toHaveProperty("picture");
});
