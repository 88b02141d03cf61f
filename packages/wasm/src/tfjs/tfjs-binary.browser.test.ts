import { engine } from "@tensorflow/tfjs-core";
import { setupWasm, WasmSetupError } from "@tfblocks/wasm";
import { expect, test, vi } from "vitest";
import defaultPaths from "./default-wasm-paths.js";
import { type TfjsWasmFile, tfjsWasmFiles, type WasmPaths } from "./wasm-paths.js";

const everyFile = (url: string): WasmPaths => Object.fromEntries(tfjsWasmFiles.map((file) => [file, url]));

async function problemOf(wasmPaths: WasmPaths): Promise<string> {
  const problem = await setupWasm({ threads: 2, wasmPaths, timeout: 500 }).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(WasmSetupError);
  expect(engine().registry["wasm"]).toBeUndefined();
  return (problem as Error).message;
}

/** A URL of the first bytes of a file that is served correctly. */
async function cutShort(bytes: number): Promise<string> {
  const url = (defaultPaths as unknown as Record<TfjsWasmFile, string>)["tfjs-backend-wasm-simd.wasm"];
  const whole = await (await fetch(url)).arrayBuffer();
  return URL.createObjectURL(new Blob([whole.slice(0, bytes)]));
}

test("a wasm file that is missing, an HTML page or truncated is reported in a sentence", async () => {
  expect(await problemOf("/nowhere")).toMatch(/\/nowhere\/tfjs-backend-wasm-simd.wasm could not be fetched \(status 404\); serve/);
  expect(await problemOf(everyFile("data:text/html,<p>"))).toMatch(/not a WebAssembly file but an HTML page; serve/);
  expect(await problemOf(everyFile(await cutShort(100_000)))).toMatch(/did not start \(.*; serve the file/);
  expect(await problemOf("http://127.0.0.1:1")).toMatch(/could not be fetched \(TypeError: Failed to fetch\); serve/);
});

test("a server that hangs leads to an error within the timeout", async () => {
  vi.spyOn(globalThis, "fetch").mockImplementation(
    (_url, options) =>
      new Promise((_, reject) => options!.signal!.addEventListener("abort", () => reject(options!.signal!.reason as Error))),
  );
  expect(await problemOf("/hanging")).toMatch(/could not be fetched \(no answer within 500 ms\)/);
});
