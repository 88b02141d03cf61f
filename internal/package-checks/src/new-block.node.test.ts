import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./workspace.js";

const clone = join(realpathSync(mkdtempSync(join(tmpdir(), "tfblocks-new-block-"))), "clone");
const made = "packages/learned-factor";

/** The checks that a new package must pass without being written into them. */
const suites = ["layers", "manifests", "examples", "bench-rows"].map((name) => `internal/package-checks/src/${name}.node.test.ts`);

/** What git ignores, and the large folders that nothing here reads. */
const leftOut = /^(node_modules|dist|\.git|\.cache|\.turbo|\.venv|\.tsbuildinfo)$/;
const large = ["internal/fixtures/data", "apps/playground/public", "internal/package-checks/examples"].map((path) => join(root, path));

beforeAll(() => {
  cpSync(root, clone, { recursive: true, filter: (path) => !leftOut.test(basename(path)) && !large.includes(path) });
  writeFileSync(join(clone, ".changeset/described.md"), "");
});
afterAll(() => rmSync(dirname(clone), { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; output: string } {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST.*|NODE_ENV|TEST|TFBLOCKS_BUILT)$/.test(name)));
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: clone, encoding: "utf8", env });
  return { status, output: `${stdout}${stderr}` };
}

const newBlock = (...args: string[]) => run("scripts/new-block.mjs", ...args, "--no-install");
const tool = (path: string, ...args: string[]) => run(join(root, "node_modules", path), ...args);

/** Every path of the clone, with the text of what a new package changes. */
function contents(): Record<string, string> {
  const paths = readdirSync(clone, { recursive: true, encoding: "utf8" }).filter(
    (path) => !/(^|\/)(node_modules|\.cache)(\/|$)/.test(path),
  );
  return Object.fromEntries(paths.map((path) => [path, /\.(md|yaml)$/.test(path) ? readFileSync(join(clone, path), "utf8") : ""]));
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  symlinkSync(target, join(clone, path), "junction");
}

/** Borrows what is installed here. */
function installClone(): void {
  const folders = ["packages", "internal", "apps"].flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`));
  for (const folder of [".", ...folders].filter((path) => existsSync(join(root, path, "node_modules")))) {
    link(`${folder}/node_modules`, join(root, folder, "node_modules"));
  }
  // One test kit: its set-up disposes what its helpers made.
  rmSync(join(clone, "internal/testkit"), { recursive: true });
  link("internal/testkit", join(root, "internal/testkit"));
}

/** Does for the new package what `pnpm install` would. */
function installPackage(): void {
  link(`${made}/node_modules/@tfblocks/tensor-utils`, join(root, "packages/tensor-utils"));
  link(`${made}/node_modules/@tensorflow/tfjs-core`, realpathSync(join(root, "packages/norm/node_modules/@tensorflow/tfjs-core")));
}

test.each([
  [["Learned"], 'new-block: the name must be lower-case words joined by hyphens, such as layer-scale, got "Learned".\n'],
  [["norm"], "new-block: the name norm is taken by packages/norm; choose another one.\n"],
  [["testkit"], "new-block: the name testkit is taken by internal/testkit; choose another one.\n"],
  [["described"], "new-block: .changeset/described.md exists; choose another name.\n"],
  [["tensor"], "new-block: the class would be called Tensor, which means something else already; choose another name.\n"],
  [["learned-factor", "--layer", "9"], 'new-block: --layer must be an integer from 1 to 5, got "9".\n'],
  [[], 'new-block: expected one name, got 0; "npm run new-block -- --help" lists the options.\n'],
  // Found last, when every file was written: the formatter is not installed yet.
  [["learned-factor"], "oxfmt is not installed: remove node_modules and run the command again.\n"],
])("new-block %j refuses in one sentence and changes nothing", (args, sentence) => {
  const before = contents();
  expect(newBlock(...args)).toEqual({ status: 1, output: sentence });
  expect(contents()).toEqual(before);
});

test("new-block makes a package that passes the checks and its own tests", { timeout: 120_000 }, () => {
  installClone();
  expect(newBlock("learned-factor", "--layer", "2").output).toContain(`Wrote ${made}/README.md`);
  installPackage();
  writeFileSync(join(clone, "tsconfig.made.json"), JSON.stringify({ extends: "./tsconfig.json", include: [`${made}/src`] }));
  const checks = [
    tool("typescript/bin/tsc", "-p", "tsconfig.made.json"),
    tool("oxlint/bin/oxlint", "--type-aware", "--deny-warnings", made),
    tool("oxfmt/bin/oxfmt", "--check", made, "README.md", "docs/architecture.md", ".changeset/learned-factor.md"),
    tool("vitest/vitest.mjs", "run", "--project", "node", "-t", "learned-factor|LearnedFactor|every package", made, ...suites),
  ];
  expect(checks.filter(({ status }) => status !== 0).map(({ output }) => output)).toEqual([]);
});
