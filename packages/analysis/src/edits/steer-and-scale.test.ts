import { add, concat, mul, slice, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expectClose, randomTensor, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { ablate, type Edit, headsOf, neuronsOf, outputOf, scale, type Site, steer, withEdits } from "../models.js";
import { tinyModel, tokens, valuesOf } from "../testing/tiny-model.js";

/** The only value of a site, in a tiny model with edits. */
function after(site: Site, ...edits: Edit[]): Tensor {
  const model = tinyModel();
  return Object.values(valuesOf(withEdits(model, edits), site, tokens([1, 2, 3, 4], [9, 8, 7, 6], [5, 5, 5, 5])))[0]!;
}

const expectSame = (actual: Tensor, expected: () => Tensor) => expectClose(actual, use(expected), { atol: 0, rtol: 0 });

beforeAll(() => useBackend("cpu"));

describe("steer and scale", () => {
  it("add a vector and multiply by a gate", async () => {
    const [site, vector] = [neuronsOf("layers.0.feedForward", [3, 40]), use(tensor1d([2, -3]))];
    const before = after(site);
    await expectSame(after(site, steer(site, vector, { strength: 0.5 })), () => add(before, mul(vector, 0.5)));
    await expectSame(after(site, scale(site, vector)), () => mul(before, vector));
    await expectSame(after(site, scale(site, -2)), () => mul(before, -2));
  });

  it("gate each head, for the whole batch or each text", async () => {
    const site = headsOf("layers.0.attention");
    const before = after(site);
    const two = after(site, scale(headsOf("layers.0.attention", [2, 0]), use(tensor1d([5, 7]))));
    await expectSame(two, () => mul(before, tensor1d([7, 7, 7, 7, 1, 1, 1, 1, 5, 5, 5, 5])));
    const gate = use(tensor2d([1, 0, 2, 0, 0, 0, 1, 1, 1], [3, 3]));
    const rows = after(site, scale(site, gate));
    await expectSame(use(slice(rows, 0, 1)), () => mul(slice(before, 0, 1), tensor1d([1, 1, 1, 1, 0, 0, 0, 0, 2, 2, 2, 2])));
    await expectSame(use(slice(rows, 1, 2)), () => concat([mul(slice(before, 1, 1), 0), slice(before, 2, 1)]));
  });
});

describe("sites refuse", () => {
  const site = headsOf("layers.0.attention", [2, 0]);
  const run =
    (...edits: Edit[]) =>
    () =>
      after(site, ...edits);

  it("vectors and gates that do not fit", () => {
    expect(run(steer(site, randomTensor([12], 1)))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: steer: vector must be [8], as wide as the site, got [12]]`,
    );
    expect(run(scale(site, randomTensor([3], 1)))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scale: gate must be a scalar or [2] or [3, 2], got [3]]`,
    );
    expect(run(scale(outputOf("layers.0"), randomTensor([3], 1)))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: scale: gate must be a scalar or [12], got [3]]`,
    );
    expect(() => scale(site, NaN)).toThrowErrorMatchingInlineSnapshot(`[ValueError: scale: gate must be a finite float32 number, got NaN]`);
    expect(() => steer(site, randomTensor([8], 1), { strenght: 2 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[UnknownNameError: steer: unknown option "strenght"; known options: strength; did you mean "strength"?]`,
    );
  });

  it("heads and neurons that do not exist", () => {
    expect(run(ablate(headsOf("layers.0.attention", 3)))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: ablate: heads must be an integer from 0 to 2, got 3]`,
    );
    expect(run(ablate(neuronsOf("layers.0.feedForward", 48)))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: ablate: neurons must be an integer from 0 to 47, got 48]`,
    );
    expect(run(ablate({ ...headsOf("layers.0.attention", 1), part: "layers.0.feedForward.down" }))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: ablate: the owner of "layers.0.attention.output" must be a MultiHeadAttention, because the site has heads, got an object]`,
    );
    expect(() => headsOf("layers.0.attention", [1, 1])).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: headsOf: heads must be different indices, got 1 twice]`,
    );
    expect(() => ablate("layers.0" as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: ablate: site must be a site, got "layers.0"; pass outputOf("layers.0")]`,
    );
    expect(() => withEdits(tinyModel(), ablate(site) as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: withEdits: edits must be an array of edits, got an object; pass [edit]]`,
    );
    expect(() => headsOf("", 1)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: headsOf: part must be the name of a part, for example "layers.0.attention", got ""]`,
    );
  });
});
