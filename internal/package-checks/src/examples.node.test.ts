import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allowLeaks } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { docstringExamples, examplesOf, importedIn, installedIn, readExamples } from "./examples.js";
import { readFolders, readText, root } from "./workspace.js";

const folder = join(root, "internal/package-checks/examples");
const examples = readExamples().map(({ title, code }, index) => ({ title, code, path: join(folder, `example-${index + 1}.ts`) }));

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  linkPackages();
  for (const { title, code, path } of examples) writeFileSync(path, `// ${title}\n${code}\nexport {};\n`);
});

describe("the example reader", () => {
  test("joins a block without imports to the program before it", () => {
    const markdown = '```ts\nimport "a";\n```\ntext\n```ts\nb();\n```\n```ts\nimport "c";\n```\n```sh\nd\n```\n';
    expect(examplesOf("x", markdown).map(({ code }) => code)).toEqual(['import "a";\n\nb();\n', 'import "c";\n']);
  });

  test("reads the marked part of a docstring", () => {
    const source = '/**\n * Words.\n *\n * @example\n * ```ts\n * import "a";\n * ```\n */\n';
    expect(examplesOf("x", docstringExamples(source)).map(({ code }) => code)).toEqual(['import "a";\n']);
  });

  test("reads what a text installs and imports", () => {
    const markdown =
      'npm install @a/b c <clone>/d.tgz\n```ts\nimport { x } from "@a/b/deep";\nimport {\n  y,\n} from "c";\nimport "node:fs";\n```\n';
    expect(installedIn(markdown)).toEqual(["@a/b", "c"]);
    expect(importedIn(markdown)).toEqual(["@a/b", "c"]);
  });
});

/** pnpm hides what is not installed by name, also where npm happens to find it. */
test.each(["README.md", ...readFolders("packages").map(({ path }) => `${path}/README.md`)])(
  "%s installs what its examples import",
  (path) => {
    const [installed, imported] = [installedIn(readText(path)), importedIn(readText(path))];
    expect(imported).not.toEqual([]);
    expect(imported.filter((name) => !installed.includes(name))).toEqual([]);
  },
);

test.runIf(examples.length > 0)("the examples of the documents compile", () => {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const compile = () => execFileSync(process.execPath, [tsc, "-p", join(folder, "..", "tsconfig.examples.json")], { encoding: "utf8" });
  expect(outputOf(compile)).toBe("");
});

/** Here all run in one process, where one example's backend would serve the next. */
test.each(examples.map(({ title, code }) => [title, code] as const))("%s sets up the backend that it computes on", (_title, code) => {
  if (/^import \{.*\} from "@tensorflow\/tfjs-core"/m.test(code)) expect(code).toMatch(/"@tensorflow\/tfjs-backend-|setupWasm\(/);
});

test.each(examples.map(({ title, path }) => [title, path] as const))("%s runs", async (_title, path) => {
  allowLeaks(); // a program may end without cleaning up
  for (const level of ["log", "info", "table"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  await import(path);
});

/** Installs every package beside the examples, so that a new one is found without being listed anywhere. */
function linkPackages(): void {
  const scope = join(folder, "node_modules/@tfblocks");
  mkdirSync(scope, { recursive: true });
  for (const { path, shortName } of readFolders("packages")) symlinkSync(join(root, path), join(scope, shortName), "junction");
}

function outputOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
