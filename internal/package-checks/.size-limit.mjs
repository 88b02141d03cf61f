import { readdirSync } from "node:fs";

/**
 * Kernels are WebAssembly, in two twins of some 22 kB each, which base64 makes a third larger. Weights check every byte
 * of a foreign header, and come from memory, files, addresses or shards. The builders of models are six, with all layers.
 * Whoever loads any model has them all, in Node.js by a path too. Training checks whatever checkpoint it goes on from.
 */
const limits = {
  wasm: "72 kB",
  weights: "8 kB",
  training: "6.5 kB",
  "transformer/models": "7 kB",
  "transformer/hugging-face": "11 kB",
  "transformer/hugging-face/node": "12 kB",
};

// Each package's own code, as a bundler would take all of it; what it imports is counted where it lives.
const packages = readdirSync(new URL("../../packages/", import.meta.url)).map((name) => ({
  name: `@tfblocks/${name}`,
  path: `../../packages/${name}/dist/index.js`,
  limit: limits[name] ?? "6 kB",
  gzip: true,
  ignore: ["@tensorflow/*", "@tfblocks/*"],
}));

// Entries of their own, which a bundler takes only where they are imported.
const names = [
  "text/hugging-face",
  "training/node",
  "transformer/generate",
  "transformer/hugging-face",
  "transformer/hugging-face/node",
  "transformer/models",
];
const entries = names.map((name) => ({
  name: `@tfblocks/${name}`,
  path: `../../packages/${name.replace("/", "/dist/")}.js`,
  limit: limits[name] ?? "6 kB",
  gzip: true,
  ignore: ["@tensorflow/*", "@tfblocks/*", "@huggingface/*", "node:*"],
}));

export default [...packages, ...entries];
