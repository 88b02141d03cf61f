import { expect, test } from "vitest";
import { displayWidth } from "./display-width.js";
import { table } from "./table.js";

const columns = [{ title: "head", align: "right" }, { title: "entropy", align: "right" }, { title: "token" }] as const;
const rows = [
  ["0", "0.927", "猫"],
  ["10", "1.000", "it"],
];

test("columns are aligned with their titles", () => {
  expect(table({ columns: 80 }, columns, rows)).toEqual(["  head  entropy  token", "     0    0.927  猫", "    10    1.000  it"]);
});

test("columns that do not fit continue below, next to the first column", () => {
  const lines = table({ columns: 18 }, columns, rows);
  expect(lines).toEqual(["  head  entropy", "     0    0.927", "    10    1.000", "", "  head  token", "     0  猫", "    10  it"]);
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(18);
});
