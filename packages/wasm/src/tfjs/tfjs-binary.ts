import { inNode } from "../runtime/features.js";
import { WasmSetupError } from "../wasm-setup-error.js";
import defaultPaths from "./default-wasm-paths.js";
import type { TfjsWasmFile, WasmPaths } from "./wasm-paths.js";

/** Which file to read, and how long to wait for it in milliseconds. */
export interface BinaryChoice {
  readonly file: TfjsWasmFile;
  readonly wasmPaths: WasmPaths | undefined;
  readonly timeout: number;
}

/**
 * Reads a WebAssembly file of tfjs: from the installed package in Node.js, by a request in a browser.
 *
 * @throws WasmSetupError when it is missing, is not a WebAssembly file (for example an HTML page), or does not arrive in time
 */
export async function readTfjsBinary({ file, wasmPaths, timeout }: BinaryChoice): Promise<Uint8Array<ArrayBuffer>> {
  if (inNode && wasmPaths === undefined) return readInstalled(file);
  const url = urlOf(file, wasmPaths ?? defaultPaths);
  const bytes = inNode && !/^(https?|data|blob):/.test(url) ? readLocal(url) : await fetchBytes(url, timeout);
  if (isWasm(bytes)) return bytes;
  throw new WasmSetupError(`${url} is not a WebAssembly file but ${describeStart(bytes)}; ${howToServe}`);
}

const howToServe =
  "serve the wasm files of @tensorflow/tfjs-backend-wasm/dist and pass their folder or URLs as wasmPaths, or use the plugin of @tfblocks/wasm/vite";

function urlOf(file: TfjsWasmFile, paths: WasmPaths | undefined): string {
  if (typeof paths === "string") return `${paths.replace(/\/?$/, "/")}${file}`;
  return paths?.[file] ?? file;
}

async function fetchBytes(url: string, timeout: number): Promise<Uint8Array<ArrayBuffer>> {
  const problem = (words: string) => new WasmSetupError(`${url} could not be fetched (${words}); ${howToServe}`);
  const signal = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(url, { credentials: "same-origin", signal });
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    throw problem(`status ${response.status}`);
  } catch (error) {
    if (error instanceof WasmSetupError) throw error;
    throw problem(signal.aborted ? `no answer within ${timeout} ms` : String(error));
  }
}

function readInstalled(file: TfjsWasmFile): Uint8Array<ArrayBuffer> {
  const { createRequire } = process.getBuiltinModule("node:module");
  const path = process.getBuiltinModule("node:path");
  const main = findInstalled(() => createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
  return readLocal(path.join(path.dirname(main), file));
}

/** A bundled program may run in Node.js without installed packages. */
function findInstalled(find: () => string): string {
  try {
    return find();
  } catch (error) {
    throw new WasmSetupError(`@tensorflow/tfjs-backend-wasm is not installed here (${String(error)}); ${howToServe}`);
  }
}

function readLocal(path: string): Uint8Array<ArrayBuffer> {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  try {
    return new Uint8Array(readFileSync(path.startsWith("file:") ? new URL(path) : path));
  } catch (error) {
    throw new WasmSetupError(`${path} could not be read (${String(error)}); ${howToServe}`);
  }
}

function isWasm(bytes: Uint8Array): boolean {
  return [0, 97, 115, 109].every((byte, index) => bytes[index] === byte);
}

function describeStart(bytes: Uint8Array): string {
  const start = new TextDecoder().decode(bytes.subarray(0, 20)).trim();
  return start.startsWith("<") ? "an HTML page" : `${bytes.length} bytes of something else`;
}
