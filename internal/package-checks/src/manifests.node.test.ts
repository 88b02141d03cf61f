import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { backendOf, type Manifest, packageOf, readCatalog, readFolders, readManifest, readText, root } from "./workspace.js";

const packages = readFolders("packages");
const everything = [...packages, ...readFolders("apps"), ...readFolders("internal")];
const catalog = readCatalog();
const repository = "https://github.com/tfblocks/tfblocks";

const entry = (name: string) => ({
  "@tfblocks/source": `./src/${name}.ts`,
  types: `./dist/${name}.d.ts`,
  default: `./dist/${name}.js`,
});

const dependenciesOf = ({ dependencies, peerDependencies, devDependencies }: Manifest): [string, string][] =>
  [dependencies, peerDependencies, devDependencies].flatMap((group) => Object.entries(group ?? {}));

describe.each(packages.map((folder) => [folder.path, folder] as const))("%s", (path, { shortName, manifest }) => {
  test("has the fields that all packages share", () => {
    expect(manifest).toMatchObject({
      name: `@tfblocks/${shortName}`,
      version: packages[0]?.manifest.version,
      license: "Apache-2.0",
      type: "module",
      homepage: `${repository}/tree/main/${path}#readme`,
      bugs: `${repository}/issues`,
      repository: { type: "git", url: `git+${repository}.git`, directory: path },
      engines: { node: ">=20.19" },
      publishConfig: { access: "public", provenance: true },
      description: expect.stringMatching(/^[A-Z].{30,}[^.]$/) as string,
    });
    expect(manifest["files"]).toEqual(expect.arrayContaining(["CHANGELOG.md", "dist", "src", "!**/*.test.ts"]));
  });

  test("exports built files with their types, and nothing deep", () => {
    const entries = Object.keys(manifest.exports ?? {}).filter((name) => name !== "./package.json");
    const expected = entries.map((name) => [name, entry(name === "." ? "index" : name.slice(2))]);
    expect(manifest.exports).toEqual({ ...Object.fromEntries(expected), "./package.json": "./package.json" });
    expect(entries).toContain(".");
    expect(["main", "module", "types", "bin"].filter((field) => field in manifest)).toEqual([]);
  });

  test("declares its side effects by files that exist", () => {
    const listed = manifest.sideEffects === false ? [] : manifest.sideEffects;
    expect(Array.isArray(listed)).toBe(true);
    const sources = (listed as string[]).filter((file) => file.startsWith("./src/"));
    expect(sources.filter((file) => !existsSync(join(root, path, file)))).toEqual([]);
  });

  test("brings tfjs as a peer and runs no script when it is installed", () => {
    const needed = Object.keys(manifest.peerDependencies ?? {}).filter((name) => !manifest.peerDependenciesMeta?.[name]?.optional);
    expect(needed.toSorted()).toEqual([backendOf[shortName] ?? [], "@tensorflow/tfjs-core"].flat());
    expect(Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith("@tensorflow/"))).toEqual([]);
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => /install|prepare|prepublish/.test(name))).toEqual([]);
  });

  test("refuses to be packed before it is built", () => {
    expect(manifest.scripts?.["prepack"]).toBe("node ../../scripts/require-built.mjs");
  });
});

test.each(packages.map((folder) => [folder.path, folder] as const))(
  "%s asks for a build tool only in an entry of its own, and builds with the catalog's",
  (_path, { manifest, sources }) => {
    const optional = Object.keys(manifest.peerDependenciesMeta ?? {});
    const users = sources.filter(({ isTest, imports }) => !isTest && imports.some((name) => optional.includes(packageOf(name) ?? "")));
    const files = Object.keys(manifest.exports ?? {}).map((name) => `/src/${name.slice(2)}.ts`);
    expect(users.map(({ path }) => path).filter((path) => !files.some((file) => path.endsWith(file)))).toEqual([]);
    expect(optional.map((name) => manifest.devDependencies?.[name])).toEqual(optional.map(() => "catalog:"));
  },
);

describe.each([["root", readManifest(".")] as const, ...everything.map(({ path, manifest }) => [path, manifest] as const)])(
  "%s",
  (path, manifest) => {
    test("takes every version from the catalog or the workspace", () => {
      const range = (name: string) => (name.startsWith("@tfblocks/") ? /^workspace:[\^*]$/ : /^catalog:(peers)?$/);
      expect(dependenciesOf(manifest).filter(([name, version]) => !range(name).test(version))).toEqual([]);
    });

    test("is private unless it is a package", () => {
      expect(manifest.private === true).toBe(!path.startsWith("packages/"));
    });
  },
);

test.each(["internal/bench", "internal/bench/native"])("%s, which stands apart, is private and has exact versions", (path) => {
  const manifest = readManifest(path);
  expect(manifest.private).toBe(true);
  expect(dependenciesOf(manifest).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  expect(everything.map((each) => each.path)).not.toContain(path);
});

test("changesets gives all packages one version, and none to what is private", () => {
  const { fixed, privatePackages } = JSON.parse(readText(".changeset/config.json")) as Record<string, unknown>;
  expect(fixed).toEqual([["@tfblocks/*"]]);
  expect(privatePackages).toEqual({ version: false, tag: false });
});

test.each(["README.md", "docs/dependencies.md", ...packages.map(({ path }) => `${path}/README.md`)])(
  "%s quotes no bundle size, which would go out of date",
  (path) => {
    expect(readText(path)).not.toMatch(/\d kB\b/);
  },
);

test("docs/dependencies.md names the peers of every package", () => {
  const introduction = readText("docs/dependencies.md").split("\n| ")[0];
  const peers = packages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}));
  const named = (name: string) => introduction?.includes(`\`${name}\``);
  expect(peers.filter((name) => !named(name))).toEqual([]);
});

describe("the catalog", () => {
  test("holds exact versions", () => {
    expect(catalog.size).toBeGreaterThan(10);
    expect([...catalog].filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test("is explained in docs/dependencies.md, one line each, and so are the manifests of the bench", () => {
    const parts = readText("docs/dependencies.md").split("\n## The bench\n");
    const explained = parts.map((part) => [...part.matchAll(/^\| `([^`]+)` +\| .{10,} \|$/gm)].map(([, name]) => name));
    const ofBench = ["internal/bench", "internal/bench/native"].flatMap((path) => dependenciesOf(readManifest(path)));
    expect(explained).toEqual([[...catalog.keys()], ofBench.map(([name]) => name)]);
  });
});
