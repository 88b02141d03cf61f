import { inNode } from "../runtime/features.js";
import { WasmSetupError } from "../wasm-setup-error.js";
import defaultPaths from "./default-wasm-paths.js";

/** The files of `@tensorflow/tfjs-backend-wasm/dist` that a browser fetches. */
export type TfjsWasmFile = "tfjs-backend-wasm.wasm" | "tfjs-backend-wasm-simd.wasm" | "tfjs-backend-wasm-threaded-simd.wasm";

/** The folder that they are served from, or the URL of each. */
export type WasmPaths = string | Readonly<Partial<Record<TfjsWasmFile, string>>>;

/**
 * The bytes of one of tfjs's WebAssembly files: from the installed package in Node.js, fetched in a browser.
 *
 * @throws WasmSetupError when it is missing or is something else, such as a page of HTML
 */
export async function readTfjsBinary(file: TfjsWasmFile, paths: WasmPaths | undefined): Promise<Uint8Array<ArrayBuffer>> {
  if (inNode && paths === undefined) return readInstalled(file);
  const url = urlOf(file, paths ?? defaultPaths);
  const bytes = inNode && !/^(https?|data|blob):/.test(url) ? readLocal(url) : await fetchBytes(url);
  if (isWasm(bytes)) return bytes;
  throw new WasmSetupError(`${url} is no WebAssembly file but ${describeStart(bytes)}; ${howToServe}`);
}

const howToServe =
  "serve the wasm files of @tensorflow/tfjs-backend-wasm/dist and pass their folder or URLs as wasmPaths, or use the plugin of @tfblocks/wasm/vite";

function urlOf(file: TfjsWasmFile, paths: WasmPaths | undefined): string {
  if (typeof paths === "string") return `${paths.replace(/\/?$/, "/")}${file}`;
  return paths?.[file] ?? file;
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { credentials: "same-origin" }).catch((error: unknown) => {
    throw new WasmSetupError(`${url} could not be fetched (${String(error)}); ${howToServe}`);
  });
  if (!response.ok) throw new WasmSetupError(`${url} could not be fetched (status ${response.status}); ${howToServe}`);
  return new Uint8Array(await response.arrayBuffer());
}

function readInstalled(file: TfjsWasmFile): Uint8Array<ArrayBuffer> {
  const { createRequire } = process.getBuiltinModule("node:module");
  const path = process.getBuiltinModule("node:path");
  const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  return readLocal(path.join(path.dirname(main), file));
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
  return start.startsWith("<") ? "a page of HTML" : `${bytes.length} bytes of something else`;
}
