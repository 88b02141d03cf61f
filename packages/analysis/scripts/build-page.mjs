// Bundles page/ to one script, and writes it with its hash to src/generated/page-script.ts. With --check it only
// compares, and fails if that file is not what page/ makes.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const entry = fileURLToPath(new URL("../page/main.ts", import.meta.url));
const pageScriptPath = fileURLToPath(new URL("../src/generated/page-script.ts", import.meta.url));

/** The source of page-script.ts. */
async function pageScriptSource() {
  const [{ output }] = await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, target: "es2022", minify: true, modulePreload: false, lib: { entry, formats: ["iife"], name: "page" } },
  });
  const code = output[0].code.trim();
  // The end tag of a script would end the script.
  if (/<\/script|<!--/i.test(code)) throw new Error("the script of the page contains an end tag");
  const hash = createHash("sha256").update(code).digest("base64");
  return `// Made by scripts/build-page.mjs from page/: change that, then run \`npm run page\`.

/** The script of the page. */
export const pageScript: string = ${JSON.stringify(code)};

/** The hash of {@link pageScript} for a content security policy. */
export const pageScriptHash: string = "sha256-${hash}";
`;
}

const source = await pageScriptSource();
const isCurrent = readFileSync(pageScriptPath, "utf8") === source;
if (process.argv.includes("--check")) {
  if (!isCurrent) console.error("page-script.ts is out of date: run `npm run page` in packages/analysis");
  process.exitCode = isCurrent ? 0 : 1;
} else if (!isCurrent) {
  writeFileSync(pageScriptPath, source);
}
