import { ArgumentError } from "@tfblocks/tensor-utils";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { causalMap } from "../../testing/pictures.js";
import { fromJson } from "./from-json.js";
import { toCsv } from "./to-csv.js";
import { toJson } from "./to-json.js";

const maps = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })).chain(([rows, columns]) =>
  fc.record({
    rows: fc.constant(rows),
    columns: fc.constant(columns),
    weights: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns }),
    allowed: fc.option(fc.array(fc.constantFrom(0, 1), { minLength: rows * columns, maxLength: rows * columns })),
  }),
);

describe("JSON", () => {
  it("has a version, what the map is of, and null for masked cells", () => {
    const map = { weights: [1, 9, 0.5, 0.5], allowed: [1, 0, 1, 1], rows: 2, columns: 2 };
    const metrics = [{ name: "entropy", score: 0.69, nullScore: 0.69, lift: null }];
    expect(toJson(map, { model: "tiny", layer: "layers.0.attention", head: 3, rowTokens: ["a", "b"], metrics })).toMatchInlineSnapshot(
      `"{"version":1,"model":"tiny","layer":"layers.0.attention","head":3,"tokens":{"rows":["a","b"],"columns":null},"mask":[[1,0],[1,1]],"attention":[[1,null],[0.5,0.5]],"metrics":[{"name":"entropy","score":0.69,"nullScore":0.69,"lift":null}]}"`,
    );
  });

  it("is read as it was written", () => {
    fc.assert(
      fc.property(maps, fc.array(fc.string({ unit: "binary" }), { minLength: 4, maxLength: 4 }), (map, tokens) => {
        const rowTokens = tokens.slice(0, map.rows);
        const file = fromJson(toJson(map, { rowTokens, head: 2 }));
        expect(file).toMatchObject({ head: 2, rowTokens, metrics: [] });
        expect([file.map.rows, file.map.columns]).toEqual([map.rows, map.columns]);
        expect(file.map.allowed === null ? null : Array.from(file.map.allowed)).toEqual(map.allowed);
        expect(Array.from(file.map.weights)).toEqual(map.weights.map((weight, cell) => (map.allowed?.[cell] === 0 ? 0 : weight + 0)));
      }),
    );
  });
});

describe("foreign JSON", () => {
  const file = (changes: object): string => JSON.stringify({ ...(JSON.parse(toJson(causalMap)) as object), ...changes });

  it.each([
    ["no JSON", "{"],
    ["an array", "[]"],
    ["another version", file({ version: 2 })],
    ["no rows", file({ attention: [] })],
    ["ragged rows", file({ attention: [[1], [1, 0]] })],
    ["a weight that is text", file({ attention: [["1"]], mask: null })],
    ["a weight that JSON cannot write", file({ attention: [[null]], mask: null })],
    ["a mask of another size", file({ mask: [[1]] })],
    ["a mask with other numbers", file({ attention: [[1]], mask: [[2]] })],
    ["tokens of another number", file({ tokens: { rows: ["a"] } })],
    ["a head below 0", file({ head: -1 })],
    ["a metric without a name", file({ metrics: [{ score: 1 }] })],
  ])("%s is refused", (_, text) => expect(() => fromJson(text)).toThrow(/^fromJson: /));

  it("is read, or refused with an error that names the place", () => {
    const values = fc.json().map((text) => text.replace(/"(\w)"/, '"attention"'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), values), (text) => {
        try {
          fromJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ArgumentError);
        }
      }),
    );
  });

  it("cannot reach a prototype", () => {
    const { map } = fromJson(file({}).replace("{", '{"__proto__":{"polluted":1},'));
    expect(map.rows).toBe(4);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe("CSV", () => {
  it("has a line a cell, quotes what needs it and disarms formulas", () => {
    const map = { weights: [1, 9, 0.5, 0.5], allowed: [1, 0, 1, 1], rows: 2, columns: 2 };
    expect(toCsv(map, { rowTokens: ["=1+1", 'a,"b"'], columnTokens: ["\n", "x"] })).toBe(
      `row,column,rowToken,columnToken,weight,allowed\r\n0,0,'=1+1,"\n",1,1\r\n0,1,'=1+1,x,,0\r\n1,0,"a,""b""","\n",0.5,1\r\n1,1,"a,""b""",x,0.5,1\r\n`,
    );
  });
});
