import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as masks from "./index.js";
import { cellsOf, compositionArbitrary, denseOf, pairArbitrary } from "./testing/arbitraries.js";

const { and, not, or } = masks;
// As tables over the whole batch, since a law may hold between masks of different batch.
const same = (a: masks.Mask, b: masks.Mask, sizes: Required<masks.MaskSizes>): void => {
  const cells = cellsOf({ ...a, batch: sizes.batch, heads: sizes.heads } as masks.Mask, sizes);
  const values = (mask: masks.Mask) => cells.map(([batch, head, query, key]) => mask.at(batch, head, query, key));
  expect(values(a)).toEqual(values(b));
};

describe("and, or, not as logic", () => {
  it("agree with every, some and ! in any composition", () => {
    fc.assert(
      fc.property(compositionArbitrary, ({ mask, sizes, oracle }) => {
        expect(denseOf(mask, sizes)).toEqual(cellsOf(mask, sizes).map((cell) => Number(oracle(...cell))));
      }),
      { numRuns: 400 },
    );
  });

  it("obey De Morgan", () => {
    fc.assert(
      fc.property(pairArbitrary, ({ a, b, sizes }) => {
        same(not(and(a, b)), or(not(a), not(b)), sizes);
        same(not(or(a, b)), and(not(a), not(b)), sizes);
      }),
    );
  });

  it("have identities, absorbing elements and idempotence", () => {
    fc.assert(
      fc.property(pairArbitrary, ({ a, b, sizes }) => {
        same(and(a, masks.full()), a, sizes);
        same(or(a, masks.none()), a, sizes);
        same(and(a, masks.none()), masks.none(), sizes);
        same(or(a, masks.full()), masks.full(), sizes);
        same(and(a, a), a, sizes);
        same(and(a, b), and(b, a), sizes);
        same(and(a, or(a, b)), a, sizes);
      }),
    );
  });
});

describe("and, or, not as masks", () => {
  it("undo a double negation and flatten nested masks", () => {
    const [a, b, c] = [masks.causal(), masks.lastN(2), masks.chunked(3)];
    expect(not(not(a)).toJSON()).toEqual(a.toJSON());
    expect(and(and(a, b), c).toJSON()).toEqual(and(a, b, c).toJSON());
    expect(or(a, or(b, c)).toJSON()).toEqual(or(a, b, c).toJSON());
    expect(and(a).toJSON()).toEqual(a.toJSON());
    expect([and().toJSON(), or().toJSON()]).toEqual([{ type: "full" }, { type: "none" }]);
  });

  it("give the same mask for the same masks in the same order", () => {
    const [a, b, c] = [masks.causal(), masks.padding({ lengths: [2] }), masks.lastN(2)];
    for (const combine of [and, or]) {
      expect(combine(a, b)).toBe(combine(a, b));
      expect(combine(combine(a, b), c)).toBe(combine(a, combine(b, c)));
      expect(combine(a, b)).not.toBe(combine(b, a));
      expect(combine(a, b)).not.toBe(combine(a, masks.padding({ lengths: [2] })));
    }
    expect(and(a, b)).not.toBe(or(a, b));
  });

  it("have the batch and heads of their parts", () => {
    expect(and(masks.causal(), masks.padding({ lengths: [1, 2, 3] })).batch).toBe(3);
    expect(not(masks.padding({ lengths: [1, 2] })).batch).toBe(2);
    expect(() => or(masks.causal(), masks.padding({ lengths: [1, 2, 3] }), masks.prefixLM([1, 2]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: or: masks[2].batch must be 1 or 3, as another mask has, got 2]`,
    );
  });

  it("reject values that are not masks", () => {
    expect(() => and(masks.causal(), [[true]] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: and: masks[1] must be a Mask, got an array of length 1; convert a tensor with masks.fromTensor]`,
    );
    expect(() => not({ batch: 1, heads: 1 } as never)).toThrow(/not: mask must be a Mask, got an object/);
    expect([masks.isMask(and()), masks.isMask(null), masks.isMask({})]).toEqual([true, false, false]);
  });
});

describe("explain", () => {
  it("agrees with at, and names exactly the atoms that forbid", () => {
    fc.assert(
      fc.property(compositionArbitrary, ({ mask, sizes }) => {
        for (const cell of cellsOf(mask, sizes)) {
          const { allowed, reason, forbiddenBy } = mask.explain(...cell);
          expect(allowed).toBe(mask.at(...cell));
          expect(reason).toMatch(allowed ? / may attend / : / may not attend /);
          expect((forbiddenBy?.length ?? 0) > 0).toBe(!allowed);
          for (const json of forbiddenBy ?? []) {
            expect(["and", "or"]).not.toContain(json.type);
            expect(masks.fromJSON(json).at(...cell)).toBe(false);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

it("explain gives its reasons in a sentence", () => {
  const mask = and(masks.causal(), masks.padding({ lengths: [3] }), not(masks.chunked(2)), or(masks.packed([2, 2]), masks.lastN(1)));
  expect(mask.explain(0, 0, 2, 5)).toMatchInlineSnapshot(`
    {
      "allowed": false,
      "forbiddenBy": [
        {
          "offset": 0,
          "type": "causal",
        },
        {
          "lengths": [
            3,
          ],
          "type": "padding",
        },
        {
          "lengths": [
            [
              2,
              2,
            ],
          ],
          "type": "packed",
        },
        {
          "n": 1,
          "type": "lastN",
        },
      ],
      "reason": "query 2 may not attend to key 5: causal allows keys 0 to 2; padding allows keys 0 to 2; packed allows keys 2 to 3; lastN allows keys 2 to 2",
    }
  `);
  expect(mask.explain(0, 0, 2, 2).reason).toMatchInlineSnapshot(`"query 2 may not attend to key 2: not (chunked allows keys 2 to 3)"`);
  expect(masks.causal().explain(0, 0, 2, 1)).toMatchInlineSnapshot(`
    {
      "allowed": true,
      "reason": "query 2 may attend to key 1: causal allows keys 0 to 2",
    }
  `);
  expect(masks.blockPattern({ blockSize: 2, pattern: [[true, false]] }).explain(0, 0, 0, 3).reason).toMatchInlineSnapshot(
    `"query 0 may not attend to key 3: blockPattern holds false there"`,
  );
  expect(masks.documents([0, 1]).explain(0, 0, 0, 1).reason).toMatchInlineSnapshot(
    `"query 0 may not attend to key 1: query and key are in documents 0 and 1"`,
  );
  expect(masks.slidingWindow({ left: 2, right: Infinity }).explain(0, 0, 5, 1).reason).toMatchInlineSnapshot(
    `"query 5 may not attend to key 1: slidingWindow allows keys 3 to Infinity"`,
  );
});
