import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { benchFolder, rootFolder, torchVersion } from "./paths.mjs";

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
  "own gemm": () => ({ name: "own GEMM 512^3", contender: "ours", spec: gemm512, asWork: true }),
};

/** `{ name, version, host, contender, spec, threads, asWork }` of an opponent of a case. */
export function opponentOf(opponent, spec, threads) {
  const described = typeof opponent === "string" ? { contender: opponent, ...known[opponent](spec) } : opponent;
  return { version: "", host: "own", spec, threads, ...described };
}
