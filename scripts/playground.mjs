import "./lib/require-node.mjs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, main, npm, root, runOpenly } from "./lib/run.mjs";
import { say } from "./lib/terminal.mjs";
import { build, hasScript } from "./lib/workspace.mjs";

const help = `npm run playground [-- options]

Starts the playground's development server. It reads the sources of the packages, so edits show at once.

  --port <number>  the port to serve on (default: Vite's 5173, or the next free one)
  --built          builds for production and serves the build
  --help           this text`;

function readArguments() {
  const options = { port: { type: "string" }, built: { type: "boolean" }, help: { type: "boolean", short: "h" } };
  try {
    const { values } = parseArgs({ options });
    const { port = "0" } = values;
    if (!/^\d+$/.test(port) || Number(port) > 65535) throw new Error(`--port must be 0 to 65535, got "${String(port)}"`);
    return values;
  } catch (error) {
    throw new Failure(`playground: ${error.message.split(". ")[0]}; "npm run playground -- --help" lists the options.`);
  }
}

await main(async () => {
  const options = readArguments();
  if (options.help) return say(help) ?? 0;
  const app = "apps/playground";
  if (!hasScript(app, "dev")) throw new Failure("playground: apps/playground is missing from this checkout; restore it with git.");
  await build(...(options.built ? [app] : [])); // Vite itself runs the built plugin of @tfblocks/wasm/vite
  const port = options.port ? ["--port", options.port, "--strictPort"] : [];
  return runOpenly(npm("run", "--silent", options.built ? "preview" : "dev", "--", ...port), { cwd: join(root, app) });
});
