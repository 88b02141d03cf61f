import { dispose } from "@tensorflow/tfjs-core";
import { expectNewTensors, useBackend } from "@tfblocks/testkit";
import { TextDataset, tokenBatches, type TokenBatch } from "@tfblocks/text";
import { beforeAll, describe, expect, it } from "vitest";

const ids = Array.from({ length: 41 }, (_, at) => at);

function read({ ids: inputs, labels }: TokenBatch): { ids: number[][]; labels: number[][] } {
  const rows = { ids: inputs.arraySync(), labels: labels.arraySync() };
  dispose([inputs, labels]);
  return rows;
}

describe("TextDataset", () => {
  beforeAll(() => useBackend("cpu"));

  it("splits a text into windows whose labels are the next tokens", () => {
    const data = new TextDataset({ ids, length: 3, batch: 2, shuffle: false });
    expect(data.windows).toBe(13);
    expect(read(data.batch(0))).toEqual({
      ids: [
        [0, 1, 2],
        [3, 4, 5],
      ],
      labels: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    });
    expect(read(data.batch(6)).ids).toEqual([
      [36, 37, 38],
      [0, 1, 2],
    ]);
  });

  it("contains every window once per epoch, in a different order each time", () => {
    const data = new TextDataset({ ids, length: 4, batch: 5, seed: 3 });
    const starts = (epoch: number) => [0, 1].flatMap((half) => read(data.batch(2 * epoch + half)).ids.map((row) => row[0]!));
    const [first, second] = [starts(0), starts(1)];
    const every = Array.from({ length: 10 }, (_, at) => 4 * at);
    expect(first.toSorted((a, b) => a - b)).toEqual(every);
    expect(second.toSorted((a, b) => a - b)).toEqual(every);
    expect(first).not.toEqual(second);
    expect(first).not.toEqual(every);
  });

  it("returns the same batch for the same seed and index, whatever the order of calls", () => {
    const options = { ids: Int32Array.from(ids), length: 3, batch: 4, seed: 8 };
    const data = new TextDataset(options);
    const all = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => read(data.batch(index)));
    for (const index of [5, 0, 7, 3, 3]) expect(read(data.batch(index))).toEqual(all[index]);
    expect(read(tokenBatches(options)(6))).toEqual(all[6]);
    expect(read(new TextDataset({ ...options, seed: 9 }).batch(0))).not.toEqual(all[0]);
  });

  it("accepts a text of one window, and leaves two new tensors per batch", async () => {
    const data = new TextDataset({ ids: [7, 8], length: 1, batch: 3 });
    const batch = await expectNewTensors(() => data.batch(2), 2);
    expect([batch.ids.dtype, batch.labels.dtype]).toEqual(["int32", "int32"]);
    expect(read(batch)).toEqual({ ids: [[7], [7], [7]], labels: [[8], [8], [8]] });
  });
});

describe("TextDataset and its arguments", () => {
  beforeAll(() => useBackend("cpu"));

  it("rejects invalid and unknown options", () => {
    expect(() => new TextDataset({ ids: [1, 2, 3], length: 3, batch: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TextDataset: ids must be more than 3 tokens (length), got an array of length 3]`,
    );
    expect(() => new TextDataset({ ids, length: 0, batch: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TextDataset: length must be an integer >= 1, got 0]`,
    );
    expect(() => new TextDataset({ ids, length: 2, batch: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TextDataset: batch must be an integer >= 1, got 0.5]`,
    );
    expect(() => new TextDataset({ ids, length: 2, batch: 1, shuffle: 1 as never })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TextDataset: shuffle must be true or false, got 1]`,
    );
    expect(() => new TextDataset({ ids, length: 2, batch: 1, stride: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: TextDataset: unknown option "stride"; known options: ids, length, batch, seed, shuffle]`,
    );
    expect(() => new TextDataset({ ids, length: 2, batch: 1 }).batch(-1)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TextDataset.batch: index must be an integer >= 0, got -1]`,
    );
    expect(() => new TextDataset({ ids: [1, NaN], length: 1, batch: 1 }).batch(0)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: TextDataset.batch: ids[1] must be an int32, got NaN]`,
    );
    expect(() => new TextDataset({ ids, length: 2, batch: 2 ** 40 }).batch(0)).toThrow(/ids \[1099511627776, 2\] must be at most/);
  });
});
