// Finds the kernels in assembly/ and the classes of their arguments.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readArgumentClasses } from "./argument-classes.mjs";

/** The folder of the AssemblyScript sources. */
export const assembly = fileURLToPath(new URL("../assembly", import.meta.url));

/** The sources, by their paths in assembly/. */
export function readSources() {
  const files = readdirSync(assembly, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.toSorted().map((file) => ({ file, text: readFileSync(join(assembly, file), "utf8") }));
}

/** Each kernel with its file and its class of arguments, in an order that depends on names alone. */
export function findKernels(sources) {
  const found = sources.flatMap(({ file, text }) => {
    if (!file.startsWith("kernels")) return [];
    const signatures = text.matchAll(/^export function (\w+)\(\w+: (\w+Arguments), task: u32, thread: u32\): void/gm);
    return Array.from(signatures, ([, name, args]) => ({ name, file, args }));
  });
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Each class of arguments with its file and layout, by its name. */
export function findClasses(sources) {
  const classes = sources.flatMap(({ file, text }) => readArgumentClasses(text).map((found) => ({ ...found, file })));
  const names = classes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${twice}: two classes of this name`);
  return new Map(classes.map((found) => [found.name, found]));
}
