import type { Tensor } from "@tensorflow/tfjs-core";
import { stateOfShapes, use, useBackend } from "@tfblocks/testkit";
import { fromLayout, type LayoutOptions, planLayout, planToLayout } from "@tfblocks/weights/layouts";
import { beforeAll, describe, expect, it } from "vitest";
import models from "../testing/real-models.json" with { type: "json" };
import { families, type FamilyName } from "./registry.js";

interface RealModel {
  readonly family: FamilyName;
  readonly model: string;
  readonly sizes: NonNullable<LayoutOptions["sizes"]>;
  readonly shapes: Readonly<Record<string, number[]>>;
}

const realModels = models.cases as unknown as readonly RealModel[];

/** The rows of a tensor, by the numbers of the rows. */
const rowsAt = (values: Tensor, rows: readonly number[]): number[] => {
  const [numbers, size] = [values.dataSync(), values.size / values.shape[0]!];
  return rows.flatMap((row) => [...numbers.subarray(row * size, (row + 1) * size)]);
};

const shapesOf = (state: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, shape]));

describe("a plan", () => {
  beforeAll(() => useBackend("cpu"));

  it.each(realModels.map((each) => [each.model, each] as const))(
    "of %s converts one entry at a time, and names the rows that each of ours has",
    (_title, { family, sizes, shapes }) => {
      const { layout } = families[family];
      const theirs = use(stateOfShapes(shapes));
      const prefix = Object.keys(shapes).some((each) => each.startsWith(layout.prefix)) ? {} : { prefix: "" };
      const ours = use(fromLayout(layout, theirs, { sizes }));
      const [from, to] = [planLayout(layout, shapes, { sizes }), planToLayout(layout, shapesOf(ours), { sizes, ...prefix })];
      expect(new Set(to.entries.keys())).toEqual(new Set(from.entries.keys()));
      for (const [name, made] of from.entries) {
        expect(to.entries.get(name)).toEqual(Object.keys(made));
        expect([...use(to.convert(name, ours)).dataSync()]).toEqual([...theirs[name]!.dataSync()]);
        expect(to.rows(name)).toEqual(from.rows(name));
        for (const [each, rows] of Object.entries(from.rows(name) ?? {})) {
          if (theirs[name]!.rank > 0) expect(rowsAt(theirs[name]!, rows)).toEqual([...ours[each]!.dataSync()]);
        }
      }
      const transposed = [...from.entries.keys()].filter((name) => from.rows(name) === undefined);
      expect(transposed.every((name) => /\.c_(attn|proj|fc)\.weight$/.test(name))).toBe(true);
    },
  );
});
