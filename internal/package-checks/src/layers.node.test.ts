import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { backendOf, packageOf, readFolders, readLayers, readManifest, readText, type WorkspaceFolder } from "./workspace.js";

const layers = readLayers();

/** What the public entries of tfjs do not offer: gradients, which the build bundles, and the starters of the WASM module. */
const deepImports = [
  "packages/tensor-utils/src/gradients.ts: @tensorflow/tfjs-core/dist/register_all_gradients.js",
  "packages/wasm/src/tfjs/start-module.ts: @tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js",
  "packages/wasm/src/tfjs/start-module.ts: @tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js",
];

const packages = readFolders("packages");
const everything = [...packages, ...readFolders("apps"), ...readFolders("internal")];
const rootTools = Object.keys(readManifest(".").devDependencies ?? {});

const layerOf = (name: string): number => layers.get(name.replace("@tfblocks/", "")) ?? Number.POSITIVE_INFINITY;
const isOurs = (name: string): boolean => name.startsWith("@tfblocks/");
const importsIn = ({ sources }: WorkspaceFolder) =>
  sources.flatMap(({ path, isTest, imports }) => imports.map((specifier) => ({ path, isTest, specifier })));
const shown = ({ path, specifier }: { path: string; specifier: string }): string => `${path}: ${specifier}`;

test("docs/architecture.md gives every package a layer, and lists nothing else", () => {
  expect([...layers.keys()].toSorted()).toEqual(packages.map(({ shortName }) => shortName).toSorted());
});

test("the README's table lists every package", () => {
  const listed = [...readText("README.md").matchAll(/^\| \[`@tfblocks\/([a-z0-9-]+)`\]\(packages\/\1\)/gm)].map(([, name = ""]) => name);
  expect(listed.toSorted()).toEqual(packages.map(({ shortName }) => shortName).toSorted());
});

test("the import reader sees the workspace", () => {
  expect(packages.length).toBeGreaterThan(3);
  expect(packages.flatMap(importsIn).length).toBeGreaterThan(10);
});

describe.each(packages.map((folder) => [folder.path, folder] as const))("%s", (_path, folder) => {
  const layer = layerOf(folder.shortName);
  const shipped = importsIn(folder).filter(({ isTest }) => !isTest);

  test("depends on lower layers only", () => {
    const { dependencies, peerDependencies } = folder.manifest;
    const names = Object.keys({ ...dependencies, ...peerDependencies }).filter(isOurs);
    expect(names.filter((name) => layerOf(name) >= layer)).toEqual([]);
  });

  test("imports lower layers only", () => {
    const ours = shipped.filter(({ specifier }) => isOurs(specifier));
    expect(ours.filter(({ specifier }) => layerOf(packageOf(specifier) ?? "") >= layer).map(shown)).toEqual([]);
  });

  test("imports no backend but the one that it is made for, and tfjs by its public entries", () => {
    const open = ["@tensorflow/tfjs-core", backendOf[folder.shortName], ...Object.keys(folder.manifest.peerDependenciesMeta ?? {})];
    const tfjs = shipped.filter(({ specifier }) => specifier.startsWith("@tensorflow/") && !open.includes(specifier));
    expect(tfjs.map(shown).filter((line) => !deepImports.includes(line))).toEqual([]);
  });

  test("lists what it imports", () => {
    const listed = Object.keys({ ...folder.manifest.dependencies, ...folder.manifest.peerDependencies });
    const unlisted = shipped.filter(({ specifier }) => !listed.includes(packageOf(specifier) ?? listed[0] ?? ""));
    expect(unlisted.map(shown)).toEqual([]);
  });

  test("brings nothing that it does not import", () => {
    const imported = new Set(shipped.map(({ specifier }) => packageOf(specifier)));
    expect(Object.keys(folder.manifest.dependencies ?? {}).filter((name) => !imported.has(name))).toEqual([]);
  });

  test("points to its dependencies in tsconfig.json", () => {
    const { references } = JSON.parse(readText(`${folder.path}/tsconfig.json`)) as { references: { path: string }[] };
    const expected = Object.keys(folder.manifest.dependencies ?? {})
      .filter(isOurs)
      .map((name) => name.replace("@tfblocks/", "../"));
    expect(references.map(({ path }) => path).toSorted()).toEqual(expected.toSorted());
  });
});

describe.each(everything.map((folder) => [folder.path, folder] as const))("%s", (_path, folder) => {
  const imports = importsIn(folder);

  test("imports public entries only", () => {
    const ours = imports.filter(({ specifier }) => isOurs(specifier));
    const entries = (name: string) => {
      const target = everything.find(({ manifest }) => manifest.name === name);
      return Object.keys(target?.manifest.exports ?? {}).map((entry) => entry.replace(".", name));
    };
    expect(ours.filter(({ specifier }) => !entries(packageOf(specifier) ?? "").includes(specifier)).map(shown)).toEqual([]);
  });

  test("reaches no other folder by a path", () => {
    const paths = imports.filter(({ specifier }) => specifier.startsWith("."));
    expect(paths.filter(({ path, specifier }) => !join(dirname(path), specifier).startsWith(folder.path)).map(shown)).toEqual([]);
  });

  test("lists what its tests and tools import", () => {
    const { name, dependencies, peerDependencies, devDependencies } = folder.manifest;
    const listed = [name, ...rootTools, ...Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies })];
    expect(imports.filter(({ specifier }) => !listed.includes(packageOf(specifier) ?? name)).map(shown)).toEqual([]);
  });
});
