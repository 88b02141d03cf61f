import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "rolldown/utils";

export const root: string = fileURLToPath(new URL("../../../", import.meta.url));

/** What the checks read of a package.json. */
export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  sideEffects?: boolean | string[];
  exports?: Record<string, unknown>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  devDependencies?: Record<string, string>;
  [field: string]: unknown;
}

/** Packages made for one backend of tfjs, which they bring as a peer; all others run on any. */
export const backendOf: Readonly<Record<string, string>> = { wasm: "@tensorflow/tfjs-backend-wasm" };

/** A folder of the workspace, such as packages/masks. */
export interface WorkspaceFolder {
  path: string;
  shortName: string;
  manifest: Manifest;
  sources: SourceFile[];
}

/** A source file of a folder, with what it imports. */
interface SourceFile {
  path: string;
  isTest: boolean;
  imports: string[];
}

export const readText = (path: string): string => readFileSync(join(root, path), "utf8");
export const readManifest = (folder: string): Manifest => JSON.parse(readText(join(folder, "package.json"))) as Manifest;

/** The workspace folders below packages, apps or internal; one with a lock file of npm's stands apart. */
export function readFolders(parent: "packages" | "apps" | "internal"): WorkspaceFolder[] {
  if (!existsSync(join(root, parent))) return [];
  return readdirSync(join(root, parent))
    .filter((name) => existsSync(join(root, parent, name, "package.json")))
    .filter((name) => !existsSync(join(root, parent, name, "package-lock.json")))
    .map((shortName) => ({
      path: `${parent}/${shortName}`,
      shortName,
      manifest: readManifest(`${parent}/${shortName}`),
      sources: readSources(`${parent}/${shortName}/src`),
    }));
}

function readSources(folder: string): SourceFile[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .map((path) => ({ path, isTest: /\.test\.tsx?$|\/src\/testing\//.test(path), imports: importsOf(path) }));
}

/** Every specifier that a file imports or re-exports, statically or by a literal `import()`. */
function importsOf(path: string): string[] {
  const text = readText(path);
  const { staticImports, staticExports, dynamicImports } = parseSync(path, text).module;
  const reexports = staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []));
  const literals = dynamicImports.flatMap(
    ({ moduleRequest: { start, end } }) => /^["'`]([^$]+)["'`]$/.exec(text.slice(start, end))?.[1] ?? [],
  );
  return [...staticImports.map(({ moduleRequest }) => moduleRequest.value), ...reexports, ...literals];
}

/** `@scope/name/deep/path?url` -> `@scope/name`; undefined for a path and for a module of Node.js itself. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|\/|node:|virtual:)/.test(specifier)) return undefined;
  return /^(@[^/]+\/)?[^/?]+/.exec(specifier)?.[0];
}

/** The catalog of pnpm-workspace.yaml: package -> version. */
export function readCatalog(): Map<string, string> {
  const section = /^catalog:\n((?: .*\n|\n|#.*\n)+)/m.exec(readText("pnpm-workspace.yaml"))?.[1] ?? "";
  return new Map([...section.matchAll(/^ {2}"?([^":\s]+)"?: (.+)$/gm)].map(([, name = "", version = ""]) => [name, version]));
}

/**
 * The layer of each package, by its short name, from the first block of docs/architecture.md:
 * `layer 1   masks   what it is`, and below it the other packages of that layer.
 */
export function readLayers(): ReadonlyMap<string, number> {
  const [, block = ""] = /^```\n([\s\S]*?)^```$/m.exec(readText("docs/architecture.md")) ?? [];
  const rows = (block.split(/^apps\//m)[0] ?? "").split("\n");
  const layers = new Map<string, number>();
  let layer = -1;
  for (const row of rows) {
    const [, number, name] = /^(?:layer (\d+)| {7}) +([a-z][a-z0-9-]*) {2,}\S/.exec(row) ?? [];
    if (number !== undefined) layer = Number(number);
    if (name !== undefined) layers.set(name, layer);
  }
  return layers;
}
