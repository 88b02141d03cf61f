import "@tfblocks/tensor-utils/gradients";
import { gather, grad, mul, sum, tensor1d, type Tensor, tensor3d } from "@tensorflow/tfjs-core";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { placeSlices, selectSlices } from "./select.js";
import { changeSite, readSite } from "./site-values.js";
import type { Site } from "./sites.js";

const size = fc.integer({ min: 1, max: 5 });

/** A shape, and for its length and width either some indices in any order or all. */
const selections = fc.tuple(size, size, size).chain(([batch, length, width]) => {
  const some = (count: number) => fc.option(fc.uniqueArray(fc.nat(count - 1), { maxLength: count }), { nil: undefined });
  return fc.record({ shape: fc.constant([batch, length, width] as const), positions: some(length), columns: some(width) });
});

function siteOf(positions: readonly number[] | undefined, columns: readonly number[] | undefined): Site {
  return { part: "part", side: "output", positions, columns: columns && (() => columns) };
}

const numbersOf = (shape: readonly number[], start: number) =>
  use(
    tensor3d(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => start + at),
      [...shape] as [number, number, number],
    ),
  );

describe.each(["cpu", "wasm"] as const)("a site on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("is read and changed cell by cell", async () => {
    await fc.assert(
      fc.asyncProperty(selections, async ({ shape: [batch, length, width], positions, columns }) => {
        const [rows, across] = [positions ?? [...Array(length).keys()], columns ?? [...Array(width).keys()]];
        const [x, site] = [numbersOf([batch, length, width], 1), siteOf(positions, columns)];
        const other = numbersOf([batch, rows.length, across.length], -1000);
        const cells = (await x.array()) as unknown as number[][][];
        const read = cells.map((text) => rows.map((row) => across.map((column) => text[row]![column]!)));
        const shape = [batch, rows.length, across.length];
        await expectClose(readSite("read", site, undefined, x), { shape, data: read.flat(2) }, { atol: 0, rtol: 0 });
        const values = (await other.array()) as unknown as number[][][];
        for (const [b, text] of cells.entries()) {
          for (const [i, row] of rows.entries()) for (const [j, column] of across.entries()) text[row]![column] = values[b]![i]![j]!;
        }
        const changed = changeSite("change", site, undefined, x, () => other);
        await expectClose(changed, { shape: [batch, length, width], data: cells.flat(2) }, { atol: 0, rtol: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it("keeps the bits of what is not in it, also NaN and infinities", async () => {
    const x = use(tensor3d([NaN, Infinity, -0, 1, 2, 3], [1, 2, 3]));
    const changed = use(changeSite("change", siteOf([0], [2]), undefined, x, (value) => mul(value, NaN)));
    expect([...(await changed.data())]).toEqual([NaN, Infinity, NaN, 1, 2, 3]);
    expect(Object.is((await use(changeSite("change", siteOf([1], [0]), undefined, x, (value) => mul(value, 2))).data())[2], -0)).toBe(true);
  });
});

describe.each(["cpu", "wasm"] as const)("the slices of a site on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("have a gradient that can be differentiated again", async () => {
    const [x, weights] = [randomTensor([2, 4, 3], 1), randomTensor([2, 2, 3], 2)];
    const loss = (at: Tensor) => sum(mul(mul(selectSlices(at, [3, 1], 1), selectSlices(at, [3, 1], 1)), weights)) as Tensor;
    const first = use(grad(loss)(x));
    await expectClose(
      first,
      use(() => placeSlices(mul(mul(selectSlices(x, [3, 1], 1), weights), 2), [3, 1], 1, 4)),
      { atol: 1e-6, rtol: 0 },
    );
    const second = use(grad((at) => sum(grad(loss)(at)))(x));
    await expectClose(
      second,
      use(() => placeSlices(mul(weights, 2), [3, 1], 1, 4)),
      { atol: 1e-6, rtol: 0 },
    );
    await expectClose(
      selectSlices(x, [2, 0], 2),
      use(() => gather(x, tensor1d([2, 0], "int32"), 2)),
      { atol: 0, rtol: 0 },
    );
  });
});
