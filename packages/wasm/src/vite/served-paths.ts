import { tfjsWasmFiles } from "../tfjs/wasm-paths.js";

/** The module with the default paths, in the sources and as published. */
const defaultPaths = /\/wasm\/(dist|src)\/tfjs\/default-wasm-paths\.[jt]s(\?|$)/;

/** The code of that module with the URLs of the wasm files of tfjs, which Vite serves or emits; undefined for any other. */
export function servedPaths(id: string): string | undefined {
  if (!defaultPaths.test(id.replaceAll("\\", "/"))) return undefined;
  const imports = tfjsWasmFiles.map((file, index) => `import url${index} from "@tensorflow/tfjs-backend-wasm/dist/${file}?url&no-inline";`);
  const entries = tfjsWasmFiles.map((file, index) => `"${file}": url${index}`);
  return `${imports.join("\n")}\nexport default { ${entries.join(", ")} };\n`;
}
