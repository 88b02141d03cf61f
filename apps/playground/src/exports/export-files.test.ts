import { expect, test } from "vitest";
import { csvFile, jsonFile } from "./export-files.js";

test("CSV quotes what must be quoted, and no field becomes a formula", async () => {
  const file = csvFile("tokens", [
    ["token", "loss"],
    ['say "no", then', 0.5],
    ["=1+1", null],
    ["two\nlines", -1],
  ]);
  const text = await (await file.make()).text();
  expect(text).toBe('token,loss\r\n"say ""no"", then",0.5\r\n\'=1+1,\r\n"two\nlines",-1\r\n');
  expect(file.fileName).toBe("tokens.csv");
});

test("JSON keeps the data, and lists what typed arrays have", async () => {
  const blob = await jsonFile("data", { a: [1, null], map: { values: Float32Array.of(0.5, 1), allowed: Uint8Array.of(1, 0) } }).make();
  const data = { a: [1, null], map: { values: [0.5, 1], allowed: [1, 0] } };
  expect([blob.type, JSON.parse(await blob.text())]).toEqual(["application/json", data]);
});
