import { concat, randomUniform, type Tensor } from "@tensorflow/tfjs-core";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { ablate, headsOf, inputOf, meanOf, resampled, withEdits } from "../models.js";
import { logitsOf, tinyModel, tokens, valuesOf } from "../testing/tiny-model.js";

const clean = () => tokens([1, 2, 3, 4], [9, 8, 7, 6], [5, 5, 5, 5]);

beforeAll(() => useBackend("cpu"));

describe("ablation by a mean", () => {
  const [site, part] = [headsOf("layers.1.attention", [1, 2]), "layers.1.attention.output"];
  const means = (rows: number[][]) => rows[0]!.map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length);
  const ablated = (values: Tensor, options: object) => {
    const model = tinyModel();
    return valuesOf(withEdits(model, [ablate(site, meanOf({ [part]: values }, options))]), site, clean())[part]!;
  };

  it("writes the mean of each column, over all positions or for each", async () => {
    const samples = randomTensor([5, 4, 8], 2);
    const numbers = (await samples.array()) as number[][][];
    const all = means(numbers.flat());
    const expected = Array.from({ length: 12 }, () => all).flat();
    await expectClose(ablated(samples, {}), { shape: [3, 4, 8], data: expected }, { atol: 1e-6, rtol: 0 });
    const each = [0, 1, 2, 3].map((position) => means(numbers.map((rows) => rows[position]!)));
    await expectClose(
      ablated(samples, { perPosition: true }),
      { shape: [3, 4, 8], data: [each, each, each].flat(2) },
      { atol: 1e-6, rtol: 0 },
    );
  });

  it("refuses values of another width, or of another length if each position has a mean", () => {
    const [short, wide] = [randomTensor([5, 3, 8], 2), use(randomUniform([5, 4, 12]))];
    expect(ablated(short, {}).shape).toEqual([3, 4, 8]);
    expect(() => ablated(short, { perPosition: true })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: meanOf: values for "layers.1.attention.output" must be of length 4, as this run, got length 3; use a run of the same length, or choose positions with atPositions]`,
    );
    expect(() => ablated(wide, {})).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: ablate: values for the input of "layers.1.attention.output" must be broadcastable to [3, 4, 8], got [1, 1, 12]]`,
    );
    expect(() => ablated(use(randomUniform([0, 4, 8])), {})).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: meanOf: values for "layers.1.attention.output" must be not empty, got [0, 4, 8]]`,
    );
  });
});

describe("ablation by another sample", () => {
  const stream = inputOf("layers.*");

  it("gives each text what another one has, the same for every part", async () => {
    const [model, ids] = [tinyModel(), clean()];
    const plain = (await logitsOf(model, ids).array()) as number[][][];
    const edited = withEdits(model, [ablate(stream, resampled(valuesOf(model, stream, ids), { seed: 4 }))]);
    const rows = (await logitsOf(edited, ids).array()) as number[][][];
    const from = rows.map((row) => plain.findIndex((each) => JSON.stringify(each) === JSON.stringify(row)));
    expect(from.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    expect(from.filter((source, row) => source === row)).toEqual([]);
  });

  it("draws from any number of samples, by the seed", async () => {
    const model = tinyModel();
    const values = valuesOf(model, stream, use(concat([clean(), tokens([1, 7, 3, 2], [4, 4, 2, 6])])));
    const run = (seed: number) => logitsOf(withEdits(model, [ablate(stream, resampled(values, { seed }))]), tokens([1, 2, 3, 4]));
    const texts = await Promise.all(Array.from({ length: 30 }, async (_, seed) => JSON.stringify(await run(seed).array())));
    expect(new Set(texts).size).toBe(5);
    expect(texts[7]).toBe(JSON.stringify(await run(7).array()));
  });

  it("refuses one text in place of itself", () => {
    const [model, ids] = [tinyModel(), tokens([1, 2])];
    const edited = withEdits(model, [ablate(stream, resampled(valuesOf(model, stream, ids), { seed: 4 }))]);
    expect(() => edited.apply(ids)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: resampled: the number of samples must be >= 2, got 1; record a batch of several texts]`,
    );
    expect(() => resampled({}, { seed: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: resampled: seed must be an integer from 0 to 4294967295, got -1]`,
    );
  });

  it("refuses a number or a tensor as the replacement", () => {
    expect(() => ablate(stream, 0 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: ablate: replacement must be meanOf(values) or resampled(values, { seed }), got 0; leave it out for zeros, or use patch for given values]`,
    );
    expect(() => ablate(stream, tokens([1]) as never)).toThrow("or use patch for given values");
  });
});
