import { tensor2d } from "@tensorflow/tfjs-core";
import { ValueError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { use } from "@tfblocks/testkit";
import { describe, expect, it } from "vitest";
import * as masks from "./index.js";
import { additiveArbitrary, compositionArbitrary, denseOf, release } from "./testing/arbitraries.js";

const refusal = (value: unknown): string => {
  try {
    masks.fromJSON(value);
  } catch (error) {
    expect(error).toBeInstanceOf(ValueError);
    return (error as Error).message;
  }
  throw new Error(`accepted ${JSON.stringify(value)}`);
};

const sparse = (length: number): unknown[] => Object.assign([], { length });

const maskTypes = [
  "full",
  "none",
  "causal",
  "padding",
  "slidingWindow",
  "lastN",
  "prefixLM",
  "packed",
  "documents",
  "chunked",
  "blockPattern",
  "fromTensor",
  "and",
  "or",
  "not",
];
const fieldNames = [
  "offset",
  "lengths",
  "keep",
  "left",
  "right",
  "n",
  "prefixLength",
  "ids",
  "size",
  "blockSize",
  "pattern",
  "kind",
  "shape",
  "values",
  "masks",
  "mask",
];

/** What looks like the JSON of a mask, but has any fields with any values. */
const hostile = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, true, -1, 0, 1, 2.5, 1e300, "Infinity", "keep", "NaN"),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc
    .tuple(fc.constantFrom(...maskTypes), fc.dictionary(fc.constantFrom(...fieldNames), tie("value"), { maxKeys: 3 }))
    .map(([type, fields]) => ({ type, ...fields })),
}));

describe("fromJSON of serialised masks", () => {
  it("makes an equal mask after JSON.stringify", () => {
    fc.assert(
      fc.property(compositionArbitrary, ({ mask, sizes }) => {
        const again = masks.fromJSON(JSON.parse(JSON.stringify(mask)));
        expect([again.batch, again.heads]).toEqual([mask.batch, mask.heads]);
        expect(denseOf(again, sizes)).toEqual(denseOf(mask, sizes));
        expect(again.toJSON()).toEqual(mask.toJSON());
      }),
      { numRuns: 200 },
    );
  });

  it("keeps -Infinity and the bits of an additive mask", () => {
    fc.assert(
      fc.property(additiveArbitrary, ({ mask, sizes }) => {
        const again = masks.fromJSON(JSON.parse(JSON.stringify(mask)));
        expect(release(again.bias!(sizes))).toEqual(release(mask.bias!(sizes)));
        expect(denseOf(again, sizes)).toEqual(denseOf(mask, sizes));
      }),
    );
  });

  it("keeps an infinite window and tensor offsets", () => {
    expect(JSON.stringify(masks.slidingWindow({ left: Infinity, right: 0 }))).toBe('{"type":"slidingWindow","left":"Infinity","right":0}');
    const mask = masks.fromTensor(use(tensor2d([[1, 0]])), { kind: "keep", queryOffset: 2, keyOffset: 1 });
    expect(masks.fromJSON(JSON.parse(JSON.stringify(mask))).toJSON()).toEqual(mask.toJSON());
  });
});

describe("fromJSON of invalid values", () => {
  it("names their path", () => {
    expect(refusal(null)).toMatchInlineSnapshot(`"fromJSON: $ must be a mask object, got null"`);
    expect(refusal({ type: "nothing" })).toMatchInlineSnapshot(`"fromJSON: $.type must be the name of a mask, got "nothing""`);
    expect(
      refusal({
        type: "and",
        masks: [
          { type: "causal", offset: 0 },
          { type: "not", mask: { type: "lastN", n: 0 } },
        ],
      }),
    ).toMatchInlineSnapshot(`"fromJSON: $.masks[1].mask.n must be an integer >= 1, got 0"`);
    expect(refusal({ type: "or", masks: {} })).toMatchInlineSnapshot(`"fromJSON: $.masks must be an array, got an object"`);
    expect(refusal({ type: "causal" })).toMatchInlineSnapshot(`"fromJSON: $ must be of the fields offset, type, got "type""`);
    expect(refusal({ type: "causal", offset: 0, ofset: 1 })).toMatchInlineSnapshot(
      `"fromJSON: $ must be of the fields offset, type, got "offset, ofset, type""`,
    );
    expect(refusal({ type: "padding", keep: [[true], [1]] })).toMatchInlineSnapshot(
      `"fromJSON: $.keep[1][0] must be true or false, got 1"`,
    );
    expect(refusal({ type: "slidingWindow", left: null, right: 0 })).toMatchInlineSnapshot(
      `"fromJSON: $.left must be an integer >= 0, got null"`,
    );
    expect(
      refusal({ type: "fromTensor", kind: "keep", shape: [1, 1, 2, 2], queryOffset: 0, keyOffset: 0, values: [1] }),
    ).toMatchInlineSnapshot(`"fromJSON: $.values must be of length 4, got 1"`);
    expect(
      refusal({
        type: "or",
        masks: [
          { type: "padding", lengths: [1, 2] },
          { type: "padding", lengths: [1, 2, 3] },
        ],
      }),
    ).toMatchInlineSnapshot(`"fromJSON: $.masks[0].batch must be 1 or 3, as another mask has, got 2"`);
  });
});

describe("fromJSON of hostile values", () => {
  it("rejects values that JSON.parse cannot give, prototype tricks, cycles and sizes beyond the limits", () => {
    expect(refusal(JSON.parse('{"type":"causal","offset":0,"__proto__":{"n":1}}'))).toMatch(
      /fields offset, type, got "__proto__, offset, type"/,
    );
    expect(refusal({ type: "__proto__" })).toMatch(/the name of a mask/);
    expect(refusal({ type: "toString" })).toMatch(/the name of a mask/);
    expect(refusal({ type: "constructor" })).toMatch(/the name of a mask/);
    expect(refusal(Object.create({ type: "full" }))).toMatch(/a plain object/);
    expect(refusal(masks.full())).toMatch(/a plain object/);
    expect(refusal({ type: "padding", lengths: new Uint8Array(2) })).toMatch(/\$\.lengths must be a plain object or array/);
    const cycle: { type: string; mask?: unknown } = { type: "not" };
    cycle.mask = cycle;
    expect(refusal(cycle)).toMatch(/at most 64 levels deep/);
    expect(refusal({ type: "padding", lengths: sparse(2 ** 32 - 1) })).toMatch(/at most 16777216 values/);
    let bomb: unknown = { type: "full" };
    for (let level = 0; level < 30; level++) bomb = { type: "and", masks: Array(10).fill(bomb) };
    expect(refusal(bomb)).toMatch(/at most 16777216 values/);
    expect(refusal({ type: "padding", lengths: sparse(3) })).toMatch(/\$\.lengths\[0\] must be an integer >= 0, got undefined/);
  });

  it("either builds a mask or throws a ValueError, for any value", () => {
    fc.assert(
      fc.property(hostile.object, (value) => {
        try {
          expect(masks.isMask(masks.fromJSON(value))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
