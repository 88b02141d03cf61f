import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ggufFile } from "./gguf/files.mjs";
import { benchFolder, nativeFolder, rootFolder, torchVersion } from "./paths.mjs";

const versionIn = (folder, name) => {
  const paths = createRequire(join(folder, "package.json")).resolve.paths(name);
  for (const path of paths) {
    try {
      return JSON.parse(readFileSync(join(path, name, "package.json"), "utf8")).version;
    } catch {
      // not in this folder
    }
  }
  return "unknown";
};

const nativeVersions = JSON.parse(readFileSync(join(nativeFolder, "package.json"), "utf8")).dependencies;

/** What reads a file of the model: it keeps keys and values in 16 bits, and rounds weights in groups of 32 by rules of its own. */
const readsGguf = {
  bits: [32, 8, 4],
  given: (spec) => ({ ...spec, file: ggufFile(spec) }),
  tolerances: { 32: 1e-2, 8: 0.2, 4: 1.6 },
};

const gemm512 = { kind: "gemm", m: 512, n: 512, k: 512 };

/** The opponents that cases name: which contender of which host they are, and what rows call them. */
const known = {
  stock: () => ({ name: "tfjs wasm", oneThread: "in Node.js", version: versionIn(rootFolder, "@tensorflow/tfjs-backend-wasm") }),
  cpu: () => ({
    name: "tfjs cpu",
    oneThread: "always",
    version: versionIn(join(rootFolder, "internal/testkit"), "@tensorflow/tfjs-backend-cpu"),
  }),
  ort: () => ({ name: "onnxruntime-web", version: versionIn(benchFolder, "onnxruntime-web") }),
  jax: () => ({ name: "jax-js", oneThread: "in Node.js", version: versionIn(benchFolder, "@jax-js/jax") }),
  torch: ({ kind }) => ({ name: kind.startsWith("attention") ? "PyTorch SDPA" : "PyTorch", version: torchVersion, host: "python" }),
  "torch-flex": () => ({ name: "PyTorch FlexAttention", version: torchVersion, host: "python" }),
  ortNative: () => ({ name: "onnxruntime-node", version: nativeVersions["onnxruntime-node"], host: "native" }),
  llama: () => ({ name: "node-llama-cpp", version: nativeVersions["node-llama-cpp"], host: "native", ...readsGguf }),
  wllama: () => ({ name: "wllama", version: versionIn(benchFolder, "@wllama/wllama"), ...readsGguf }),
  "own gemm": () => ({ name: "own GEMM 512^3", contender: "ours", spec: gemm512, asWork: true }),
};

/**
 * `{ name, version, host, contender, spec, threads, bits, given, asWork }` of an opponent of a case: `bits` are those that its weights
 * can have, `given(spec)` is what its host is given, and `tolerances` say by bits how far its numbers may be from ours.
 */
export function opponentOf(opponent, spec, threads) {
  const described = typeof opponent === "string" ? { contender: opponent, ...known[opponent](spec) } : opponent;
  return { version: "", host: "own", spec, threads, bits: [32], given: (same) => same, ...described };
}
