import "./lib/require-node.mjs";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packPackages } from "./lib/pack.mjs";
import { bin, main, root, runQuietly, tail } from "./lib/run.mjs";
import { failed, passed, runStages, skipped } from "./lib/stages.mjs";
import { say } from "./lib/terminal.mjs";
import { build, install } from "./lib/workspace.mjs";

const help = `npm run check

Checks everything but behaviour: types, lint, format, layers and manifests, the contents of the packed packages, their
sizes, unused code and dependencies, changesets. All checks run; the failed ones are listed at the end.`;

const checks = join(root, "internal/package-checks");
const tool = (name, command = name) => bin(name, { command, from: checks });

const check = (title, command, cwd) => ({ title, run: () => runAll(title, [command], cwd) });

async function runAll(title, commands, cwd = root) {
  for (const args of commands) {
    const { code, output, logPath } = await runQuietly(title, args, { cwd });
    if (code !== 0) return failed(`${tail(output, 60)}\n(exit code ${code}; the whole log is in ${logPath})`);
  }
  return passed();
}

const typesOfPackages = {
  title: "Types of the packages (tsc -b)",
  run: () => build().then(() => passed()),
};

/** publint and attw check the packed files, as npm would serve them. */
const packedPackages = {
  title: "Packed packages (publint, attw)",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "tfblocks-packed-"));
    try {
      const tarballs = (await packPackages(folder)).map(({ tarball }) => tarball);
      const publint = tarballs.map((tarball) => [tool("publint"), tarball, "--strict"]);
      const attw = tarballs.map((tarball) => [tool("@arethetypeswrong/cli", "attw"), tarball, "--profile", "esm-only"]);
      return await runAll("Packed packages", [...publint, ...attw]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" });

/** The version that all packages share, here or at a commit. */
function sharedVersion(ref) {
  const manifest = "packages/tensor-utils/package.json";
  const text = ref === undefined ? readFileSync(join(root, manifest), "utf8") : git("show", `${ref}:${manifest}`).stdout;
  return JSON.parse(text).version;
}

/** Whether a changed package lacks a changeset; only a clone that knows main can tell. A version commit has used them up. */
const changesets = {
  title: "Changesets",
  async run() {
    const since = ["origin/main", "main"].find((ref) => git("rev-parse", "--verify", "--quiet", ref).status === 0);
    if (!since) return skipped("there is no main branch here to compare with");
    if (sharedVersion() !== sharedVersion(since)) return passed(`version ${sharedVersion()}`);
    return runAll("Changesets", [[bin("@changesets/cli", { command: "changeset" }), "status", `--since=${since}`]]);
  },
};

const checksToRun = () => [
  typesOfPackages,
  check("Types of everything else (tsc -p .)", [bin("typescript", { command: "tsc" }), "-p", "."]),
  check("Lint (oxlint)", [bin("oxlint"), "--type-aware", "--deny-warnings"]),
  check("Format (oxfmt)", [bin("oxfmt"), "--check"]),
  check("Layers, manifests, examples (vitest)", [bin("vitest"), "run", "--project", "node", "internal/package-checks"]),
  packedPackages,
  check("Sizes (size-limit)", [tool("size-limit")], checks),
  check("Unused files, exports, dependencies (knip)", [bin("knip")]),
  changesets,
];

await main(async () => {
  if (process.argv.includes("--help")) return say(help) ?? 0;
  await install();
  return runStages(checksToRun(), { announce: false });
});
