import "./lib/require-node.mjs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure, main, root, runOpenly } from "./lib/run.mjs";
import { build } from "./lib/workspace.mjs";

// Every argument, --help included, belongs to the demo itself.
await main(async () => {
  if (!existsSync(join(root, "apps/demo"))) throw new Failure("demo: apps/demo is missing from this checkout; restore it with git.");
  await build("apps/demo");
  return runOpenly([join(root, "apps/demo/dist/main.js"), ...process.argv.slice(2)]);
});
