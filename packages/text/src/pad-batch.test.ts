import { dispose, memory } from "@tensorflow/tfjs-core";
import { multiHeadAttention } from "@tfblocks/attention";
import { backendNames, expectNewTensors, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { padBatch } from "@tfblocks/text";
import { beforeAll, describe, expect, it } from "vitest";

describe.each(backendNames.map((name) => [name]))("padBatch on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("pads on the right or on the left, and marks the padding", async () => {
    const sequences = [[5, 6, 7], [8], Int32Array.of()];
    const right = await expectNewTensors(() => padBatch(sequences, { padId: 9 }), 3);
    const left = use(padBatch(sequences, { padId: 9, side: "left", length: 4 }));
    const read = async ({ ids, mask, positions }: typeof right) => [
      await ids.array(),
      [...(await mask.data())].join(""),
      await positions.array(),
    ];
    expect(await read(right)).toEqual([
      [
        [5, 6, 7],
        [8, 9, 9],
        [9, 9, 9],
      ],
      "111100000",
      [
        [0, 1, 2],
        [0, 0, 0],
        [0, 0, 0],
      ],
    ]);
    expect(await read(left)).toEqual([
      [
        [9, 5, 6, 7],
        [9, 9, 9, 8],
        [9, 9, 9, 9],
      ],
      "011100010000",
      [
        [0, 0, 1, 2],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    ]);
    expect([left.ids.dtype, left.mask.dtype, left.mask.shape, left.positions.dtype]).toEqual(["int32", "bool", [3, 1, 1, 4], "int32"]);
  });
});

describe.each(backendNames.map((name) => [name]))("attention over a padded batch on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("gives no weight to padding", async () => {
    const before = memory().numTensors;
    const { ids, mask, positions } = padBatch([[1, 2, 3], [4]], { padId: 0 });
    const [attention, x] = [multiHeadAttention({ dModel: 4, numHeads: 2 }), randomTensor([2, 3, 4], 1)];
    const { output, weights } = attention.apply(x, x, x, { mask });
    const values = await weights.data();
    expect(
      Array.from(values.slice(18))
        .filter((_, at) => at % 3 > 0)
        .every((weight) => weight === 0),
    ).toBe(true);
    dispose([ids, mask, positions, x, output, weights]);
    attention.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

it("padBatch rejects invalid sequences and options", () => {
  expect(() => padBatch([], { padId: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: padBatch: sequences must be a list of one or more sequences, got an array of length 0]`,
  );
  expect(() => padBatch([[1, 2]], { padId: 0, length: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: padBatch: length must be an integer >= 2, got 1]`,
  );
  expect(() => padBatch([[1]], {} as never)).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: padBatch: padId must be an integer from 0 to 2147483647, got undefined]`,
  );
  expect(() => padBatch([[1]], { padId: 0, side: "both" as never })).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: padBatch: side must be "left" or "right", got "both"]`,
  );
  expect(() => padBatch([[1]], { padId: 0, pad: 1 } as never)).toThrowErrorMatchingInlineSnapshot(
    `[UnknownNameError: padBatch: unknown option "pad"; known options: padId, side, length]`,
  );
  expect(() => padBatch([[1], [2 ** 32 + 1]], { padId: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: padBatch: sequences[1][0] must be an int32, got 4294967297]`,
  );
  expect(() => padBatch([[1]], { padId: 0, length: 2 ** 31 })).toThrow(/padBatch: ids \[1, 2147483648\] must be at most 2147483647 bytes/);
});
