import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rolldown } from "vite";

/** The folder of the package that a module is from: what follows the last node_modules. */
const packageFolder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The licences of the packages in the bundles of the page and of its workers, once each: the bundles leave out the comments that repeat them. */
export function licenses(): { readonly page: Plugin; readonly worker: () => Plugin } {
  const folders = new Set<string>();
  const collect = (bundle: Rolldown.OutputBundle) => {
    const modules = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
    for (const id of modules) folders.add(packageFolder.exec(id)?.[0] ?? "");
  };
  return {
    worker: () => ({ name: "licenses-of-workers", generateBundle: (_options, bundle) => collect(bundle) }),
    page: {
      name: "licenses",
      generateBundle(_options, bundle) {
        collect(bundle);
        this.emitFile({ type: "asset", fileName: "licenses.txt", source: textOf([...folders].filter((each) => each !== "").toSorted()) });
      },
    },
  };
}

/** The names of packages, above the text of the licence that they share. */
function textOf(folders: readonly string[]): string {
  const namesOf = new Map<string, string[]>();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
    const text = licenseText(folder) ?? `Licensed under ${license}.`;
    namesOf.set(text, [...(namesOf.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  return Array.from(namesOf, ([text, names]) => `${names.join("\n")}\n\n${text.trim()}\n`).join(`\n${"-".repeat(80)}\n\n`);
}

function licenseText(folder: string): string | undefined {
  const file = existsSync(folder) && readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file ? readFileSync(join(folder, file), "utf8") : undefined;
}
