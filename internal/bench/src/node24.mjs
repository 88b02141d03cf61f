import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { benchFolder } from "./paths.mjs";

/** The program that the npm package `node` brings. */
export function node24() {
  const manifest = createRequire(join(benchFolder, "package.json")).resolve("node/package.json");
  return join(dirname(manifest), process.platform === "win32" ? "bin/node.exe" : "bin/node");
}
