import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packPackages } from "./lib/pack.mjs";
import { bin, Failure, mustRun, npm, root } from "./lib/run.mjs";
import { passed } from "./lib/stages.mjs";

const tfjs = ["@tensorflow/tfjs-core@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0"];
const wanted = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts", "src/index.ts"];
const unwanted = /\.test\.|(^|\/)testing\/|\.tsbuildinfo$|\.log$|(^|\/)tsconfig|node_modules|\.turbo/;

/** Packs the packages, installs them into an empty project with npm, and uses them there as a user would. */
export async function testTarballs() {
  const project = mkdtempSync(join(tmpdir(), "tfblocks-consumer-"));
  try {
    const packed = await packPackages(join(project, "tarballs"));
    cpSync(join(root, "scripts/consumer"), project, { recursive: true });
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
    const install = ["install", "--no-audit", "--no-fund", ...packed.map(({ tarball }) => tarball), ...tfjs];
    await mustRun("Installing the tarballs", npm(...install), { cwd: project });
    for (const { name } of packed) checkContents(name, join(project, "node_modules", name));
    checkSingleCore(project);
    await mustRun("Running the consumer", [join(project, "consumer.mjs")], { cwd: project });
    await mustRun("Compiling the consumer", [bin("typescript", { command: "tsc" }), "-p", project], { cwd: project });
    return passed(`${packed.length} packages`);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

function checkContents(name, folder) {
  const missing = wanted.filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0) throw new Failure(`The tarball of ${name} lacks ${missing.join(", ")}.`);
  const stray = readdirSync(folder, { recursive: true })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => unwanted.test(path));
  if (stray.length > 0) throw new Failure(`The tarball of ${name} must not contain ${stray.join(", ")}.`);
}

function checkSingleCore(project) {
  const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
  const copies = Object.keys(lock.packages).filter((path) => path.endsWith("node_modules/@tensorflow/tfjs-core"));
  if (copies.length !== 1) throw new Failure(`The project must have one copy of tfjs-core, got ${copies.length}: ${copies.join(", ")}.`);
}
