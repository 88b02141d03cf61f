import { expect, test } from "vitest";
import type { DrawnValues } from "./drawn-values.js";
import { fileNameOf } from "./export-files.js";
import { valuesCsv, valuesJson, valuesSvg } from "./worker-calls.js";

const activations: DrawnValues = {
  title: "Grammar, L0: hidden units",
  unit: "activation",
  axes: ["token", "hidden unit"],
  rowNames: ["the", "=1"],
  data: { rows: 2, columns: 2, values: Float32Array.of(0.5, -2, 0, 1), allowed: Uint8Array.of(1, 1, 0, 1) },
  signed: true,
  details: { model: "Grammar" },
};

test("a matrix is saved with the names of its rows and columns; nothing stands where it is masked", () => {
  expect(valuesCsv(activations)).toBe(
    "row,column,token,hidden unit,activation\r\n0,0,the,0,0.5\r\n0,1,the,1,-2\r\n1,0,'=1,0,\r\n1,1,'=1,1,1\r\n",
  );
  expect(JSON.parse(valuesJson(activations))).toEqual({
    version: 1,
    title: "Grammar, L0: hidden units",
    model: "Grammar",
    unit: "activation",
    rows: { count: 2, of: "token", names: ["the", "=1"] },
    columns: { count: 2, of: "hidden unit", names: null },
    mask: [
      [1, 1],
      [0, 1],
    ],
    values: [
      [0.5, -2],
      [null, 1],
    ],
  });
  const svg = valuesSvg(activations);
  for (const words of ["<title>Grammar, L0: hidden units</title>", "hidden unit (column)", "activation from -2 to 2", ">masked<"]) {
    expect(svg).toContain(words);
  }
});

test("without axes rows are queries and columns are keys", () => {
  const { axes: _, ...scores } = { ...activations, columnNames: ["a", "b"], unit: "score" };
  expect(valuesCsv(scores).split("\r\n").slice(0, 2)).toEqual(["row,column,query,key,score", "0,0,the,a,0.5"]);
  expect(valuesSvg(scores)).toContain("a row attends to columns");
});

test("files are named by their title", () => {
  expect(fileNameOf("Grammar: cross L0·H3, dot products")).toBe("grammar-cross-l0-h3-dot-products");
  expect(fileNameOf("«Größe» (1)")).toBe("größe-1");
});
