import { readdirSync } from "node:fs";

/** Kernels are WebAssembly, in two twins. */
const limits = { wasm: "70 kB" };

// Each package's own code, as a bundler would take all of it; what it imports is counted where it lives.
const packages = readdirSync(new URL("../../packages/", import.meta.url)).map((name) => ({
  name: `@tfblocks/${name}`,
  path: `../../packages/${name}/dist/index.js`,
  limit: limits[name] ?? "6 kB",
  gzip: true,
  ignore: ["@tensorflow/*", "@tfblocks/*"],
}));

export default packages;
