import { expect, test } from "vitest";
import { plotCsv } from "./plot-files.js";

test("a CSV has a row for each value, and no cell that a spreadsheet would run", () => {
  const lines = [
    { name: "=loss", values: [3, 2], series: 0 },
    { name: 'a "b"', values: [1], xs: [5], series: 1 },
  ];
  const csv = plotCsv({ name: "loss", xName: "step", xs: [0, 10], lines, element: () => null });
  expect(csv.split("\r\n")).toEqual(['line,"step",value', '"\'=loss",0,3', '"\'=loss",10,2', '"a ""b""",5,1', ""]);
});
