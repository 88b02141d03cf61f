import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { withoutScriptDirectory } from "./script-directory.js";

const path = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js");

test("removes only the branch on _scriptDir from the installed backend", () => {
  const code = readFileSync(path, "utf8");
  const changed = withoutScriptDirectory(code, path)!;
  expect(changed).not.toMatch(/typeof _scriptDir !== "undefined" && _scriptDir/);
  expect(code.length - changed.length).toBeLessThan(100);
});

test("a backend without that branch stops the build with an error", () => {
  expect(() => withoutScriptDirectory("export {}", path)).toThrow(/must hold the branch on _scriptDir, got a file without it; check/);
});

test("other files stay unchanged", () => {
  expect(withoutScriptDirectory("export {}", "/app/src/main.ts")).toBeUndefined();
  expect(withoutScriptDirectory("export {}", path.replace("threaded-simd", "simd"))).toBeUndefined();
});
