import { run } from "node:test";
import { fileURLToPath } from "node:url";

// Runs the main path of each room in the browser under test, and prints what ran, and why something did not.
const names = ["abilities", "start", "explore", "models", "change", "masks", "scale", "blocks-room", "layer-room", "train", "measure"];
const files = names.map((name) => fileURLToPath(new URL(`${name}.test.mjs`, import.meta.url)));

function tellPassed({ name, details, skip }) {
  if (details.type === "suite" || skip === true) return; // skipped without a reason: only a full run has it
  console.log(skip === undefined ? `  ✓ ${name}` : `  – ${name}\n    not here: ${skip}`);
}

function tellFailed({ name, details }) {
  process.exitCode = 1;
  if (details.type !== "suite") console.log(`  ✗ ${name}\n${details.error.cause?.stack ?? details.error.message}`);
}

run({ files, concurrency: 1 })
  .on("test:start", ({ name, nesting }) => nesting === 0 && console.log(name))
  .on("test:pass", tellPassed)
  .on("test:fail", tellFailed)
  .on("test:stderr", ({ message }) => process.stderr.write(message));
