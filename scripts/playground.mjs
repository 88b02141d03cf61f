import "./lib/require-node.mjs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { exportSite } from "./lib/export-site.mjs";
import { Failure, main, npm, root, runOpenly } from "./lib/run.mjs";
import { say } from "./lib/terminal.mjs";
import { build, hasScript } from "./lib/workspace.mjs";

const help = `npm run playground [-- options]

Starts the playground's development server. It reads the sources of the packages, so edits show at once.

  --port <number>    the port to serve on (default: Vite's 5173, or the next free one)
  --built            builds for production and serves the build
  --export <folder>  builds for production and writes the static site into a folder
  --help             this text`;

function readArguments() {
  const options = {
    port: { type: "string" },
    built: { type: "boolean" },
    export: { type: "string" },
    help: { type: "boolean", short: "h" },
  };
  try {
    const { values } = parseArgs({ options });
    const { port = "0" } = values;
    if (!/^\d+$/.test(port) || Number(port) > 65535) throw new Error(`--port must be 0 to 65535, got "${String(port)}"`);
    if (values.export === "") throw new Error("--export needs the name of a folder");
    return values;
  } catch (error) {
    throw new Failure(`playground: ${error.message.split(". ")[0]}; "npm run playground -- --help" lists the options.`);
  }
}

const app = "apps/playground";

async function exportTo(name) {
  await build(app);
  const folder = resolve(process.env.INIT_CWD ?? ".", name);
  const count = exportSite(join(root, app, "dist"), folder);
  say(`Wrote ${count} files to ${folder}.

Upload the folder to any static host, at any path. Over https its service worker provides threads and use offline, so the host
need not send headers. To try it here: npx serve ${name}
docs/hosting.md has a workflow for GitHub Pages.`);
  return 0;
}

await main(async () => {
  const options = readArguments();
  if (options.help) return say(help) ?? 0;
  if (!hasScript(app, "dev")) throw new Failure("playground: apps/playground is missing from this checkout; restore it with git.");
  if (options.export !== undefined) return exportTo(options.export);
  await build(...(options.built ? [app] : [])); // Vite itself runs the built plugin of @tfblocks/wasm/vite
  const port = options.port ? ["--port", options.port, "--strictPort"] : [];
  return runOpenly(npm("run", "--silent", options.built ? "preview" : "dev", "--", ...port), { cwd: join(root, app) });
});
