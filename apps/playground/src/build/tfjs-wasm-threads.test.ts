import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { tfjsWasmThreads } from "./tfjs-wasm-threads.js";

const path = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js");
const transform = tfjsWasmThreads().transform as (code: string, id: string) => { code: string } | undefined;

test("takes the branch on _scriptDir out of the installed backend, and nothing else", () => {
  const code = readFileSync(path, "utf8");
  const changed = transform(code, path)!.code;
  expect(changed).not.toMatch(/typeof _scriptDir !== "undefined" && _scriptDir/);
  expect(code.length - changed.length).toBeLessThan(100);
});

test("a backend without that branch stops the build with a sentence", () => {
  expect(() => transform("export {}", path)).toThrow(/must hold the branch on _scriptDir, got a file without it; check/);
});

test("other files pass as they are", () => {
  expect(transform("export {}", "/app/src/main.ts")).toBeUndefined();
  expect(transform("export {}", path.replace("threaded-simd", "simd"))).toBeUndefined();
});
