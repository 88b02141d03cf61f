import "./lib/require-node.mjs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bin, Failure, main, mustRun, pnpm, root } from "./lib/run.mjs";
import { say } from "./lib/terminal.mjs";
import { install } from "./lib/workspace.mjs";
import { planBlock } from "./new-block/plan-block.mjs";
import { writeOrUndo } from "./new-block/write-or-undo.mjs";

const help = `npm run new-block -- <name> [options]

Makes the package packages/<name>: a small block with its tests, README and bench row, ready to pass npm run check. It also
adds the package to the layers of docs/architecture.md and to the table of README.md, writes a changeset, updates the
lockfile and installs.

  <name>            in kebab case, for example layer-scale; the class is then LayerScale
  --layer <number>  the layer of docs/architecture.md (default: 1); a package imports lower layers only
  --no-install      writes the files only, and leaves the lockfile and node_modules as they are
  --help            this text

The block multiplies each feature by a learned factor. Replace this formula with yours: first the docstring in
src/<name>.ts, then the oracle in src/<name>.test.ts, then the code.`;

const options = {
  layer: { type: "string", default: "1" },
  "no-install": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
};

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (values.help) return { help: true };
    if (positionals.length !== 1) throw new Error(`expected one name, got ${positionals.length}`);
    return { name: positionals[0], layer: values.layer, withInstall: !values["no-install"] };
  } catch (error) {
    throw new Failure(`new-block: ${error.message.split(". ")[0]}; "npm run new-block -- --help" lists the options.`);
  }
}

async function finish(files, withInstall) {
  const formatted = files.filter((file) => !file.endsWith("package.json")).map((file) => join(root, file));
  await mustRun("Formatting", [bin("oxfmt"), ...formatted]);
  if (!withInstall) return;
  await mustRun("Updating the lockfile", pnpm("install", "--lockfile-only"));
  await install();
}

await main(async () => {
  const { help: asked, name, layer, withInstall } = readArguments();
  if (asked) return say(help) ?? 0;
  const files = planBlock(root, name, layer);
  if (withInstall) await install(); // the formatter
  await writeOrUndo(root, files, ["pnpm-lock.yaml"], () => finish(Object.keys(files), withInstall));
  say(`Wrote ${Object.keys(files).join(", ")}.`);
  say(`Next: replace the formula in packages/${name}/src/${name}.ts, then run npm test -- --node packages/${name}`);
  return 0;
});
