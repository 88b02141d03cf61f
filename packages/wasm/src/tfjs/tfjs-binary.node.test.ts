import { readFileSync } from "node:fs";
import type { RequestListener, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { getBackend, removeBackend } from "@tensorflow/tfjs-core";
import { setupWasm, WasmSetupError } from "@tfblocks/wasm";
import { expect, test } from "vitest";
import { whileServing } from "../testing/serve-files.js";

const folder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
const threaded = "tfjs-backend-wasm-threaded-simd.wasm";

const from = (answer: RequestListener, timeout = 2000) =>
  whileServing(answer, (wasmPaths) => setupWasm({ threads: 2, wasmPaths, timeout }));

/** Answers a request by a function that gets the bytes of the file. */
const withFile =
  (send: (response: ServerResponse, bytes: Buffer, name: string) => void): RequestListener =>
  ({ url = "" }, response) =>
    send(response, readFileSync(join(folder, url)), url.slice(1));

test.each([
  [
    "missing",
    (_request, response) => void response.writeHead(404).end("nothing"),
    /could not be fetched \(status 404\); serve the wasm files/,
  ],
  ["an HTML page", (_request, response) => void response.end("<!doctype html>"), /not a WebAssembly file but an HTML page; serve/],
  ["empty", (_request, response) => void response.end(), /not a WebAssembly file but 0 bytes of something else/],
  ["truncated", withFile((response, bytes) => response.end(bytes.subarray(0, 100_000))), /did not start \(.*; serve the file .* whole/],
  [
    "cut short by a lost connection",
    withFile((response, bytes) => {
      response.writeHead(200, { "Content-Length": bytes.length }).write(bytes.subarray(0, 100_000), () => response.destroy());
    }),
    /could not be fetched/,
  ],
] satisfies [string, RequestListener, RegExp][])("a wasm file that is %s is reported in a sentence", async (_what, answer, sentence) => {
  const problem = await from(answer).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(WasmSetupError);
  expect((problem as Error).message).toMatch(sentence);
  expect(getBackend()).not.toBe("wasm");
});

test("a server that hangs, before or during a file, leads to an error within the timeout", async () => {
  const started = performance.now();
  await expect(from(() => {}, 200)).rejects.toThrow(/could not be fetched \(no answer within 200 ms\)/);
  const midway = withFile((response, bytes) => void response.write(bytes.subarray(0, 1000)));
  await expect(from(midway, 200)).rejects.toThrow(/no answer within 200 ms/);
  expect(performance.now() - started).toBeLessThan(3000);
});

test("without the threaded file there is one thread, and a sentence says why", async () => {
  const answer = withFile((response, bytes, name) => (name === threaded ? response.writeHead(404).end() : response.end(bytes)));
  const info = await from(answer);
  expect(info).toMatchObject({ kernels: "fast", threads: { got: 1 } });
  expect(info.refusals).toEqual([expect.stringMatching(/^one thread: http.*threaded-simd.wasm could not be fetched \(status 404\)/)]);
  removeBackend("wasm");
});

test("accepts a folder, its URL and a map of files", async () => {
  for (const wasmPaths of [folder, pathToFileURL(folder).href, { [threaded]: join(folder, threaded) }]) {
    expect(await setupWasm({ threads: 2, wasmPaths })).toMatchObject({ threads: { got: 2 }, refusals: [] });
    removeBackend("wasm");
  }
  await expect(setupWasm({ wasmPaths: "/nowhere" })).rejects.toThrow(/\/nowhere\/tfjs-backend-wasm-simd.wasm could not be read .*; serve/);
});
