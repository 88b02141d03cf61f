import { readdirSync } from "node:fs";

// Each package's own code, as a bundler would take all of it; what it imports is counted where it lives.
const packages = readdirSync(new URL("../../packages/", import.meta.url)).map((name) => ({
  name: `@tfblocks/${name}`,
  path: `../../packages/${name}/dist/index.js`,
  limit: "6 kB",
  gzip: true,
  ignore: ["@tensorflow/*", "@tfblocks/*"],
}));

export default packages;
