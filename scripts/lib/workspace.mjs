import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bin, cacheFolder, mustRun, npm, pnpm, root } from "./run.mjs";

/** The workspace folders below packages/, apps/ or internal/. A folder with a lockfile of npm is not part of the workspace. */
export function foldersIn(parent) {
  if (!existsSync(join(root, parent))) return [];
  return readdirSync(join(root, parent))
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(root, folder, "package.json")) && !existsSync(join(root, folder, "package-lock.json")));
}

export const manifestOf = (folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));

export const hasScript = (folder, script) => existsSync(join(root, folder, "package.json")) && script in (manifestOf(folder).scripts ?? {});

const workspaceFolders = () => ["packages", "apps", "internal"].flatMap(foldersIn);
const notInputs = new Set(["node_modules", "dist", ".tsbuildinfo", ".turbo"]);

/** The latest change below a path. Folders count, so that a removed file is noticed. */
function changedAt(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inside = readdirSync(path, { withFileTypes: true }).filter((entry) => !notInputs.has(entry.name));
  const times = inside.map((entry) => changedAt(join(path, entry.name)));
  return Math.max(path.endsWith("src") ? stat.mtimeMs : 0, ...times);
}

/** Runs a step, unless it ran after the last change of its inputs and its outputs exist. */
async function unlessFresh(name, { inputs, outputs }, step) {
  const stamp = join(cacheFolder, `${name}.stamp`);
  const done = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const fresh = outputs.every((path) => existsSync(join(root, path))) && inputs.every((path) => changedAt(join(root, path)) < done);
  if (fresh) return;
  const started = new Date();
  await step();
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(stamp, "");
  utimesSync(stamp, started, started);
}

/** Installs the dependencies when node_modules is missing or older than the lockfile, and compiles the WebAssembly kernels. */
export async function install() {
  const folders = workspaceFolders();
  const inputs = ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", ...folders.map((folder) => `${folder}/package.json`)];
  const outputs = ["node_modules/.modules.yaml"];
  await unlessFresh("installed", { inputs, outputs }, () => mustRun("Installing dependencies", pnpm("install", "--frozen-lockfile")));
  await compileKernels();
}

/** Tests and the playground need the compiled kernels, which are not in git. */
function compileKernels() {
  const folder = "packages/wasm";
  const inputs = [`${folder}/assembly`, `${folder}/scripts`, "pnpm-lock.yaml"];
  const outputs = [`${folder}/src/generated/kernel-modules.ts`];
  return unlessFresh("kernels", { inputs, outputs }, () => mustRun("Compiling kernels", [join(root, folder, "scripts/build-kernels.mjs")]));
}

/** Installs what a folder outside the workspace needs, from its own lockfile. */
export function installApart(folder) {
  const inputs = [`${folder}/package.json`, `${folder}/package-lock.json`];
  const outputs = [`${folder}/node_modules/.package-lock.json`];
  return unlessFresh(`installed-${folder.replaceAll("/", "-")}`, { inputs, outputs }, () =>
    mustRun(`Installing what ${folder} needs`, npm("ci", "--no-audit", "--no-fund"), { cwd: join(root, folder) }),
  );
}

/** Installs, then builds the packages, the internal folders and the given apps; turbo's cache provides what did not change. */
export async function build(...apps) {
  await install();
  const parts = ["packages", "internal"].flatMap(foldersIn).filter((folder) => hasScript(folder, "build"));
  const folders = [...parts, ...apps];
  const inputs = ["tsconfig.base.json", "turbo.json", "pnpm-lock.yaml", ...folders];
  const outputs = folders.map((folder) => `${folder}/dist`);
  const turbo = [bin("turbo"), "run", "build", "--output-logs=errors-only", ...folders.map((folder) => `--filter=./${folder}`)];
  // turbo needs pnpm on the PATH; `pnpm exec` puts it there.
  const args = pnpm("exec", "node", ...turbo);
  const env = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
  await unlessFresh(["built", ...apps].join("-").replaceAll("/", "-"), { inputs, outputs }, () => mustRun("Building", args, { env }));
}
