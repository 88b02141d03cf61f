import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageOf, readFolders, readText, root } from "./workspace.js";

/** One runnable program taken from a document. */
export interface Example {
  title: string;
  code: string;
}

const codeBlock = /^```ts\n([\s\S]*?)^```$/gm;

/** The ```ts blocks of a Markdown text. A block that imports starts a program; one that does not continues the program before it. */
export function examplesOf(title: string, markdown: string): Example[] {
  const programs: string[] = [];
  for (const [, code = ""] of markdown.matchAll(codeBlock)) {
    if (/^import /m.test(code) || programs.length === 0) programs.push(code);
    else programs.push(`${programs.pop()}\n${code}`);
  }
  return programs.map((code, index) => ({ title: `${title}, example ${index + 1}`, code }));
}

/** The text of the `@example` parts of a source file's docstrings, without their stars. */
export function docstringExamples(source: string): string {
  const docstrings = [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].map(([text]) => text.replace(/^ *\* ?/gm, ""));
  return docstrings.flatMap((text) => text.split(/^@example/m).slice(1)).join("\n");
}

/** The packages that a text's `npm install` lines name, without versions and files. */
export function installedIn(markdown: string): string[] {
  const lines = [...markdown.matchAll(/^npm install (.+)$/gm)].flatMap(([, names = ""]) => names.split(" "));
  return lines.filter((name) => /^(@[a-z0-9-]+\/)?[a-z]/.test(name));
}

/** The packages that the examples of a text import. */
export function importedIn(markdown: string): string[] {
  const code = [...markdown.matchAll(codeBlock)].map(([, block = ""]) => block).join("\n");
  const specifiers = [...code.matchAll(/^(?:import|\} from)\b[^"\n]*"([^"]+)";/gm)].map(([, specifier = ""]) => packageOf(specifier));
  return [...new Set(specifiers.filter((name) => name !== undefined))];
}

/** Every example that the repository shows: the README, the guides, each package's README and docstrings. */
export function readExamples(): Example[] {
  const packages = readFolders("packages");
  const guides = readdirSync(join(root, "docs"), { encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  const documents = ["README.md", ...guides.map((name) => `docs/${name}`), ...packages.map(({ path }) => `${path}/README.md`)];
  const sources = packages.flatMap(({ sources: files }) => files.filter(({ isTest }) => !isTest).map(({ path }) => path));
  return [
    ...documents.filter((path) => existsSync(join(root, path))).flatMap((path) => examplesOf(path, readText(path))),
    ...sources.flatMap((path) => examplesOf(path, docstringExamples(readText(path)))),
  ];
}
