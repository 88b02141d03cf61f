import { memory, ones, tensor } from "@tensorflow/tfjs-core";
import { multiHeadAttention } from "@tfblocks/attention";
import { LayerNorm, RMSNorm } from "@tfblocks/norm";
import { Linear, Random, ShapeError, UnknownNameError, ValueError } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { headWeights, ovCircuit, qkCircuit } from "../models.js";
import { type Matrix, matrix, multiply } from "./matrix.js";

beforeAll(() => useBackend("cpu"));

const dModel = 6;
const grouped = () => use(multiHeadAttention({ dModel, numHeads: 4, numKvHeads: 2, headDim: 3, valueDim: 2, random: new Random(1) }));

/** What a projection computes of one vector. */
function projected(x: readonly number[], projection: Linear): number[] {
  const output = use(projection.apply(use(tensor([[x as number[]]]))));
  const bias = projection.bias!.dataSync();
  return Array.from(output.dataSync(), (value, at) => value - bias[at]!);
}

const times = (x: readonly number[], weights: Matrix): number[] => [
  ...multiply(
    matrix(1, x.length, (_, at) => x[at]!),
    weights,
  ).data,
];
const expectNear = (received: readonly number[], expected: readonly number[]) =>
  expect(received.map((value, at) => Math.abs(value - expected[at]!)).every((gap) => gap < 1e-6)).toBe(true);

describe("headWeights", () => {
  it("are the slices of the projections that a head computes with", async () => {
    const attention = grouped();
    const before = memory().numTensors;
    const heads = await Promise.all([0, 1, 2, 3].map((head) => headWeights(attention, head)));
    expect(memory().numTensors).toBe(before);
    const x = [0.5, -1, 2, 0.25, -0.75, 1.5];
    const [query, key, value] = [attention.query, attention.key, attention.value].map((projection) => projected(x, projection));
    for (const weights of heads) {
      const { head, kvHead } = weights;
      expect(kvHead).toBe(Math.floor(head / 2));
      expectNear(times(x, weights.query), query!.slice(3 * head, 3 * head + 3));
      expectNear(times(x, weights.key), key!.slice(3 * kvHead, 3 * kvHead + 3));
      expectNear(times(x, weights.value), value!.slice(2 * kvHead, 2 * kvHead + 2));
    }
    const z = [1, -2, 0.5, 3, -1, 0.25, 2, -0.5];
    const sum = heads.map(({ head, output }) => times(z.slice(2 * head, 2 * head + 2), output));
    expectNear(
      projected(z, attention.output),
      sum[0]!.map((_, at) => sum.reduce((total, each) => total + each[at]!, 0)),
    );
  });

  it("give circuits that are the products of their factors", async () => {
    const weights = await headWeights(grouped(), 3);
    const [qk, ov] = [qkCircuit(weights), ovCircuit(weights)];
    expect([qk.left, qk.right, ov.left, ov.right].map(({ rows, columns }) => [rows, columns])).toEqual([
      [6, 3],
      [3, 6],
      [6, 2],
      [2, 6],
    ]);
    const [x, y] = [
      [1, 2, 3, 4, 5, 6],
      [-1, 0.5, 0, 2, 1, -2],
    ];
    const [q, k] = [times(x, weights.query), times(y, weights.key)];
    const score = times(times(x, qk.left), qk.right).reduce((sum, value, at) => sum + value * y[at]!, 0);
    expect(score).toBeCloseTo(
      q.reduce((sum, value, at) => sum + value * k[at]!, 0),
      10,
    );
    expectNear(times(times(y, ov.left), ov.right), times(times(y, weights.value), weights.output));
  });
});

describe("headWeights with a folded norm", () => {
  const x = [3, -1, 2, 0.25, -0.75, 4.5];

  it.each([
    ["LayerNorm", () => new LayerNorm({ features: dModel })],
    ["RMSNorm", () => new RMSNorm({ features: dModel })],
    ["RMSNorm with weights stored minus 1", () => new RMSNorm({ features: dModel, weightOffset: 1 })],
  ] as const)("map the stream to what the head reads, divided by the deviation: %s", async (_name, make) => {
    const [attention, norm] = [grouped(), use(make())];
    norm.weight.assign(use(tensor([0.5, -2, 1.5, 1, 0.25, 3])));
    const normed = use(norm.apply(use(tensor([x])))).dataSync();
    const mean = norm instanceof LayerNorm ? x.reduce((sum, value) => sum + value, 0) / dModel : 0;
    const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / dModel + norm.eps);
    const [plain, folded] = [await headWeights(attention, 2), await headWeights(attention, 2, { foldNorm: norm })];
    for (const name of ["query", "key", "value"] as const) {
      expectNear(
        times(x, folded[name]).map((value) => value / deviation),
        times([...normed], plain[name]),
      );
    }
    expect(folded.output).toEqual(plain.output);
    expect(folded.ignored).toEqual(norm instanceof LayerNorm ? ["bias", "norm bias"] : ["bias"]);
  });

  it("list what they leave out", async () => {
    const queryNorm = new RMSNorm({ features: 3 });
    const bare = use(multiHeadAttention({ dModel, numHeads: 2, bias: false }));
    const full = use(multiHeadAttention({ dModel, numHeads: 2, queryNorm, addBiasKv: true, rotary: { apply: (each) => each } }));
    expect((await headWeights(bare, 0)).ignored).toEqual([]);
    expect((await headWeights(full, 0)).ignored).toEqual(["bias", "rotary", "query norm", "learned key"]);
  });

  it("refuse another head, norm, projection or option", async () => {
    const attention = grouped();
    await expect(headWeights(attention, 4)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ValueError: headWeights: head must be an integer from 0 to 3, got 4]`,
    );
    await expect(headWeights(attention, 0, { foldNorm: attention.query })).rejects.toThrow(ValueError);
    await expect(headWeights(attention, 0, { fold: true } as never)).rejects.toThrow(UnknownNameError);
    await expect(headWeights({} as never, 0)).rejects.toThrow("attention must be a MultiHeadAttention, got an object");
    const other = { apply: () => ones([1]), parameters: () => ({}), dispose: () => {} };
    await expect(headWeights(Object.create(attention, { query: { value: other } }) as typeof attention, 0)).rejects.toThrow(ShapeError);
  });
});
