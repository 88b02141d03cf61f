import { tensor4d } from "@tensorflow/tfjs-core";
import { scaledDotProductAttention } from "@tfblocks/attention";
import { scalingFixture } from "@tfblocks/fixtures/scaling";
import { causal } from "@tfblocks/masks";
import { ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { type HeadVectors, measureHead, measureScores, normalVectors, softmaxJacobian, type Summary } from "../scaling.js";

describe("measureHead beside PyTorch's autograd", () => {
  it.each(scalingFixture.heads)("gives the gradients of $name", ({ options, rows, ...vectors }) => {
    const measured = measureHead(vectors, { ...options, mask: null });
    for (const name of ["jacobianNorm", "queryGradient", "keyGradient"] as const) {
      expectSummary(
        measured[name],
        rows.map((row) => row[name]),
      );
    }
    expect(measured.largestScore).toBeCloseTo(Math.max(...rows.flatMap(({ scores }) => scores.map(Math.abs))), 10);
    const scores = rows.flatMap((row) => row.scores);
    const { queryGradient: _query, keyGradient: _key, ...others } = measured;
    const expected = measureScores(scores, [1, 1, rows.length, vectors.numKeys], { mask: null }).perHead[0]!;
    expectClose(others, expected);
  });
});

describe("measureHead beside plain loops", () => {
  const scale = 0.7;
  const vectors = normalVectors({ headDim: 3, numKeys: 4, draws: 4, seed: 3 });
  const shared = { ...vectors, keys: Array.from(vectors.keys).slice(0, 12) };

  it("gives ‖J K‖ · scale and ‖J‖ · |q| · scale over the allowed keys", () => {
    const measured = measureHead(shared, { scale, mask: causal() });
    const expected = [1, 2, 3].map((row) => loops(shared, row, row + 1, scale));
    expect(measured.rowsUsed).toBe(3);
    expect(measured.skippedRows.fewKeys).toBe(1);
    for (const name of ["queryGradient", "keyGradient"] as const) {
      expectSummary(
        measured[name],
        expected.map((row) => row[name]),
      );
    }
  });

  it("takes keys that queries share, or keys of each query", () => {
    const repeated = { ...shared, keys: Array.from({ length: 48 }, (_, at) => shared.keys[at % 12]!) };
    expect(measureHead(repeated, { mask: causal() })).toEqual(measureHead(shared, { mask: causal() }));
    expect(measureHead(vectors, { mask: null })).not.toEqual(measureHead(shared, { mask: null }));
  });

  it("takes gradients through a norm that do not depend on the lengths but by their inverse", () => {
    const longer = { ...vectors, queries: Array.from(vectors.queries, (x) => 8 * x) };
    for (const qkNorm of ["l2", "rms"] as const) {
      const [before, after] = [vectors, longer].map((given) => measureHead(given, { qkNorm, mask: null }));
      expect(after!.queryGradient!.mean).toBeCloseTo(before!.queryGradient!.mean / 8, 12);
      expect(after!.keyGradient!.mean).toBeCloseTo(before!.keyGradient!.mean, 12);
      expect(after!.normalizedEntropy!.mean).toBeCloseTo(before!.normalizedEntropy!.mean, 12);
    }
  });
});

describe("measureHead and scaledDotProductAttention", () => {
  beforeAll(() => useBackend("cpu"));

  it.each([{ scale: 0.4 }, { scale: 1.5, softcap: 2 }])("see the same scores with %o", async (options) => {
    const vectors = normalVectors({ headDim: 3, numKeys: 4, draws: 4, seed: 8 });
    const keys = Array.from(vectors.keys).slice(0, 12);
    const [query, key] = [Array.from(vectors.queries), keys].map((values) => use(tensor4d(values, [1, 1, 4, 3])));
    const { taps, output } = scaledDotProductAttention(query!, key!, key!, { ...options, taps: { stages: ["capped"] } });
    use(output);
    const scores = await use(taps!.capped!).data();
    const { queryGradient: _query, keyGradient: _key, ...measured } = measureHead({ ...vectors, keys }, { ...options, mask: causal() });
    const expected = measureScores(scores, [1, 1, 4, 4], { mask: causal() }).perHead[0]!;
    expect(measured.rowsUsed).toBe(3);
    expectClose(measured, expected, 5);
  });
});

describe("measureHead and its arguments", () => {
  const vectors: HeadVectors = { queries: [1, 0, 0, 1], keys: [1, 0, 0, 1, 1, 1], headDim: 2, numKeys: 3 };
  const measure =
    (given: object, options: object = {}) =>
    () =>
      measureHead({ ...vectors, ...given }, { mask: null, ...options });

  it("gives null without a row, or with one key", () => {
    for (const given of [{ queries: [] }, { numKeys: 1, keys: [1, 2] }, { numKeys: 0, keys: [] }]) {
      expect(measure(given)()).toMatchObject({ rowsUsed: 0, queryGradient: null, keyGradient: null, scoreVariance: null, saturated: null });
    }
  });

  it("rejects vectors that do not fit together", () => {
    expect(measure({ keys: [1, 2, 3] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: measureHead: keys must be 6 numbers for [numKeys, headDim] or 12 for [rows, numKeys, headDim], got 3]`,
    );
    expect(measure({ queries: [1, 2, 3] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: measureHead: queries must be a multiple of headDim = 2 numbers, got 3]`,
    );
    expect(measure({ queries: [1, 0, NaN, 0] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: measureHead: queries must be finite numbers, got NaN at index 2]`,
    );
    expect(measure({ queries: [1, 0, 0, 0] }, { qkNorm: "l2" })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: measureHead: queries must be vectors with a length > 0 under qkNorm "l2", got a vector of zeros]`,
    );
    expect(measure({}, { mask: new Uint8Array(5) })).toThrow(ShapeError);
    for (const given of [{ headDim: 0 }, { numKeys: 1.5 }, { keys: undefined }]) expect(measure(given)).toThrow(ValueError);
    expect(() => measureHead(undefined as never, { mask: null })).toThrow(ValueError);
  });

  it("rejects options out of range", () => {
    for (const options of [{ scale: "sqrt" }, { scale: NaN }, { softcap: 0 }, { qkNorm: "layer" }, { mask: undefined }]) {
      expect(measure({}, options)).toThrow(ValueError);
    }
    expect(measure({}, { cap: 2 })).toThrow(/measureHead: unknown option "cap"/);
  });
});

/** Gradients of one row over its first keys, with J as a matrix. */
function loops({ queries, keys, headDim }: HeadVectors, row: number, count: number, scale: number) {
  const query = Array.from({ length: headDim }, (_, at) => queries[row * headDim + at]!);
  const table = Array.from({ length: count }, (_, key) => Array.from({ length: headDim }, (__, at) => keys[key * headDim + at]!));
  const exponentials = table.map((key) => Math.exp(scale * key.reduce((sum, x, at) => sum + x * query[at]!, 0)));
  const total = exponentials.reduce((sum, x) => sum + x, 0);
  const jacobian = softmaxJacobian(exponentials.map((x) => x / total));
  const byQuery = jacobian.flatMap((entries) => query.map((_, at) => scale * entries.reduce((sum, x, j) => sum + x * table[j]![at]!, 0)));
  const byKeys = jacobian.flatMap((entries) => entries.flatMap((x) => query.map((component) => scale * x * component)));
  return { queryGradient: Math.hypot(...byQuery), keyGradient: Math.hypot(...byKeys) };
}

function expectSummary(received: Summary | null, values: readonly number[]): void {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const sorted = values.toSorted((a, b) => a - b);
  const square = values.reduce((sum, x) => sum + x * x, 0) / values.length;
  expectClose(received, {
    mean,
    median: (sorted[Math.floor((values.length - 1) / 2)]! + sorted[Math.ceil((values.length - 1) / 2)]!) / 2,
    rootMeanSquare: Math.sqrt(square),
    standardError: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1) / values.length),
  });
}

function expectClose(received: object | null, expected: object, digits = 9): void {
  for (const [name, value] of Object.entries<unknown>({ ...received })) {
    const other = (expected as Readonly<Record<string, unknown>>)[name];
    if (typeof value === "number") expect(value).toBeCloseTo(other as number, digits);
    else expectClose(value as object | null, other as object, digits);
  }
}
