import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./workspace.js";

const folder = mkdtempSync(join(tmpdir(), "tfblocks-require-built-"));

beforeAll(() => {
  const exports = { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" }, "./package.json": "./package.json" };
  mkdirSync(join(folder, "dist"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "@tfblocks/example", exports }));
});
afterAll(() => rmSync(folder, { recursive: true }));

function requireBuilt(): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/require-built.mjs")], { cwd: folder, encoding: "utf8" });
  return { status, stderr };
}

test("a package that is not built cannot be packed", () => {
  const sentence =
    '@tfblocks/example is not built (./dist/index.d.ts is missing): run "npm run build" in the root of the repository first.\n';
  expect(requireBuilt()).toEqual({ status: 1, stderr: sentence });
});

test("a built package can be packed", () => {
  for (const file of ["dist/index.d.ts", "dist/index.js"]) writeFileSync(join(folder, file), "");
  expect(requireBuilt()).toEqual({ status: 0, stderr: "" });
});
