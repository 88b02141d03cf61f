import * as masks from "@tfblocks/masks";
import { expect, test } from "vitest";
import { maskOf } from "../../reading/mask-of.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import { drawBlocks, drawMask } from "./draw-mask.js";
import { forbiddenBy } from "./explain-pair.js";
import { presets } from "./presets.js";

const spec: MaskSpec = { causal: true, prefix: 2, window: { before: 3, after: 1 }, padding: 2, documents: [4] };

test("every pair of a short text is a cell", () => {
  const { pool, size, states } = drawMask(spec, 9);
  const mask = maskOf(spec, 9);
  expect([pool, size]).toEqual([1, 9]);
  states.forEach((state, cell) => expect(state).toBe(mask.at(0, 0, Math.floor(cell / 9), cell % 9) ? 2 : 0));
});

test("a pair is forbidden by the parts of which the mask says so", () => {
  const picture = drawMask(spec, 9);
  const mask = maskOf(spec, 9);
  const types = { order: "prefixLM", window: "slidingWindow", padding: "padding", documents: "packed" };
  for (let query = 0; query < 9; query++) {
    for (let key = 0; key < 9; key++) {
      const found = forbiddenBy(picture, { query, key }).map((name) => types[name]);
      expect(found).toEqual((mask.explain(0, 0, query, key).forbiddenBy ?? []).map(({ type }) => type));
    }
  }
});

test("5,000 tokens are drawn with ten in a row, and the last row is cut", () => {
  const { pool, size, states, length } = drawMask({ ...spec, padding: 15 }, 5001);
  expect([pool, size, length, states.length]).toEqual([10, 501, 5001, 501 * 501]);
  expect(states[0]).toBe(1);
  expect(states[500 * 501 + 500]).toBe(0);
  expect(states[100 * 501]).toBe(0);
});

test("an empty text has no cells", () => {
  expect(drawMask(spec, 0)).toMatchObject({ size: 0, states: new Uint8Array(0) });
  expect(drawBlocks(spec, 0, 4)).toMatchObject({ size: 0, counts: { empty: 0, partial: 0, full: 0 } });
});

test("the blocks of a causal mask are cut by the diagonal and empty above it", () => {
  const { states, counts } = drawBlocks({ causal: true, prefix: 0, window: null, padding: 0, documents: [] }, 6, 4);
  expect([...states]).toEqual([1, 0, 2, 1]);
  expect(counts).toEqual({ empty: 1, partial: 2, full: 1 });
});

test.each([...presets.map(({ id, mask }) => [id, mask(12)] as const), ["all parts", spec] as const])(
  "the code of %s makes the mask",
  (_id, made) => {
    const { code } = drawMask(made, 12);
    const source = /const mask = ([\s\S]*?);\n/.exec(code)![1]!;
    // oxlint-disable-next-line typescript/no-implied-eval -- the code that the page shows is the one that runs here
    const mask = new Function("masks", `return ${source};`)(masks) as masks.Mask;
    expect(mask.toJSON()).toEqual(maskOf(made, 12).toJSON());
  },
);
