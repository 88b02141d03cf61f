import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What only a browser decides: the backends of a GPU, and how WebAssembly, threads, requests and storage work there. */
const dependsOnBrowser =
  /\b(backendNames|conformanceBackendNames|fusedBackendNames|startWasm|setupWasm|expectSameBits|fetch|window|indexedDB|navigator)\b|useBackend\("w/;

/**
 * Most of their cases compile new shaders or generate many tokens, which takes minutes, and other suites cover what a browser can change
 * in them: only the full matrix has them in a browser.
 */
const slow = [
  "properties",
  "matmul-gradients",
  "trainer",
  "training-run",
  "train-recipe",
  "generation/golden",
  "beam-search",
  "norm/src/layer-norm",
  "layouts",
  "tensor-utils/src/matmul",
  "feed-forward",
  "multi-head-attention",
  "projected-keys",
  "rotary",
  "ablate-all",
  "patch-grid",
  "induction-test",
  "syntax-test",
  "training-track",
  "attribute-logits",
  "logit-lens",
  "head-importance",
  "value-aware",
];

/** What cross-origin isolation decides: whether there are threads and shared memory. */
const dependsOnIsolation = /\b(crossOriginIsolated|canShareMemory|threads)\b/;

/** The test files whose outcome a browser can change; the others run in Node.js only. */
export function browserFiles(root: string): string[] {
  const folders = ["packages", "internal"].flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`));
  return testFiles(root, folders, dependsOnBrowser).filter((path) => !slow.some((name) => path.endsWith(`/${name}.test.ts`)));
}

/** The test files whose outcome cross-origin isolation can change. */
export function isolationFiles(root: string): string[] {
  return testFiles(root, ["packages/wasm", "packages/attention", "packages/tensor-utils"], dependsOnIsolation);
}

function testFiles(root: string, folders: readonly string[], marks: RegExp): string[] {
  return folders
    .map((folder) => `${folder}/src`)
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`))
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".test.ts") && !path.endsWith(".node.test.ts"))
    .filter((path) => path.endsWith(".browser.test.ts") || marks.test(readFileSync(join(root, path), "utf8")));
}
