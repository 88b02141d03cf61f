import "./lib/require-node.mjs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure, main, root, runOpenly } from "./lib/run.mjs";
import { build } from "./lib/workspace.mjs";

// Every argument, --help included, belongs to the command itself.
await main(async () => {
  if (!existsSync(join(root, "apps/cli"))) throw new Failure("quality: apps/cli is missing from this checkout; restore it with git.");
  await build("apps/cli");
  return runOpenly([join(root, "apps/cli/dist/quality/main.js"), ...process.argv.slice(2)]);
});
