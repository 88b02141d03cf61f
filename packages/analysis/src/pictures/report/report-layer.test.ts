import type { HeadMap } from "../head-map.js";
import { expect, it } from "vitest";
import { attentionMaps } from "../../maps/attention-maps.js";
import { entropy } from "../../metrics/entropy.js";
import { previousTokenMass } from "../../metrics/offset-mass.js";
import { reportLayer } from "./report-layer.js";
import { toHtml } from "./to-html.js";

const maps = attentionMaps([1, 0, 1, 0, 1, 0, 0.5, 0.5], [1, 2, 2, 2], { mask: Uint8Array.of(1, 0, 1, 1) });
const scores = { previousTokenMass: previousTokenMass(maps), entropy: entropy(maps) };
const label = { label: "previous", score: 1, nullScore: 0.5, threshold: 0.5, evidence: "mass 1" };

it("makes the layer of a report from maps, scores and labels", () => {
  const layer = reportLayer({ name: "layers.0.attention", label: "L0" }, maps, { scores, labels: [[label], []] });
  expect(layer.heads.map(({ head, metrics, labels }) => [head, metrics, labels])).toEqual([
    [
      0,
      [
        { name: "previousTokenMass", score: 1, nullScore: 0.5, lift: 1 },
        { name: "entropy", score: 0, nullScore: Math.log(2), lift: null },
      ],
      [label],
    ],
    [1, [expect.objectContaining({ score: 0.5, lift: 0 }), expect.objectContaining({ score: Math.log(2) })], []],
  ]);
  expect((layer.heads[0]!.map as HeadMap).allowed).toEqual(Uint8Array.of(1, 0, 1, 1));
  expect(toHtml({ version: 1, title: "two heads", tokens: ["a", "b"], layers: [layer] })).toContain("L0·H1");
});

it("refuses scores and labels of other heads", () => {
  const one = attentionMaps([1], [1, 1, 1, 1], { mask: null });
  expect(() => reportLayer({ name: "l", label: "L0" }, one, { scores })).toThrow("scores.previousTokenMass must be of 1 heads, got 2");
  expect(() => reportLayer("L0" as never, maps)).toThrow('layer must be an object, got "L0"');
  expect(() => reportLayer({ name: "l", label: "L0" }, maps, { labels: [] })).toThrow("labels must be of 2 heads, got 0");
  expect(() => reportLayer({ name: "l", label: "L0" }, maps, { batch: 1 })).toThrow("batch must be an integer from 0 to 0, got 1");
});
