import { describe, expect, it } from "vitest";
import { matches, partsNear } from "./part-names.js";

const layer = (index: number) =>
  ["", ".attention", ".attention.query", ".attention.output", ".feedForward", ".feedForward.down"].map((part) => `layers.${index}${part}`);
const names = ["tokenEmbedding", ...[0, 1, 2].flatMap(layer), "head"];

describe("partsNear", () => {
  it.each([
    ["layers.0.atention.output", 'did you mean "layers.0.attention.output"?'],
    ["layer.0.atention.ouptut", 'did you mean "layers.0.attention.output"?'],
    ["layers.*.attention.qery", 'did you mean "layers.*.attention.query"?'],
    ["layers.3.attention", 'the parts of "layers" are 0 to 2'],
    ["layers.0.mlp", 'the parts of "layers.0" are attention, feedForward'],
    ["layers.0.attention.query.weight", '"layers.0.attention.query" has no parts'],
    ["transformer.h.0", "the parts are tokenEmbedding, layers, head"],
    ["", "the parts are tokenEmbedding, layers, head"],
    ["layers", 'the parts of "layers" are 0 to 2'],
  ])("of %j says %s", (pattern, advice) => {
    expect(partsNear(pattern, names)).toBe(advice);
  });
});

describe("matches", () => {
  it("takes * for one word", () => {
    expect(names.filter((name) => matches("layers.*.attention", name))).toEqual([0, 1, 2].map((index) => `layers.${index}.attention`));
    expect(names.filter((name) => matches("*", name))).toEqual(["tokenEmbedding", "head"]);
  });
});
