import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../lib/run.mjs";
import { addLayerRow, addPackageRow } from "./add-rows.mjs";

const templates = fileURLToPath(new URL("./", import.meta.url));

/** Names that the block's own file imports or uses, which its class must not take. */
const usedClasses = ["Block", "Composite", "Defaults", "Parts", "Tensor", "Variable"];

/**
 * What a new package consists of: path -> text, new files and changed ones alike. Nothing is written.
 *
 * @throws Failure with one sentence when the name or the layer does not fit
 */
export function planBlock(root, name, layer) {
  checkName(root, name);
  const { version } = JSON.parse(readFileSync(join(root, "packages/norm/package.json"), "utf8"));
  const words = { name, Name: classOf(name), keyword: name.replaceAll("-", ""), version };
  const read = (path) => readFileSync(join(root, path), "utf8");
  return {
    ...fillPackage(words),
    [`.changeset/${name}.md`]: fill("changeset.md.template", words),
    "docs/architecture.md": addLayerRow(read("docs/architecture.md"), name, layer),
    "README.md": addPackageRow(read("README.md"), name),
  };
}

function checkName(root, name) {
  const refuse = (reason) => {
    throw new Failure(`new-block: ${reason}.`);
  };
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    refuse(`the name must be lower-case words joined by hyphens, such as layer-scale, got "${name}"`);
  }
  const taken = ["packages", "apps", "internal"].map((parent) => `${parent}/${name}`).find((path) => existsSync(join(root, path)));
  if (taken) refuse(`the name ${name} is taken by ${taken}; choose another one`);
  if (existsSync(join(root, `.changeset/${name}.md`))) refuse(`.changeset/${name}.md exists; choose another name`);
  const className = classOf(name);
  if (className in globalThis || usedClasses.includes(className)) {
    refuse(`the class would be called ${className}, which means something else already; choose another name`);
  }
}

/** `layer-scale` -> `LayerScale`. */
const classOf = (name) => name.replace(/(^|-)([a-z0-9])/g, (_, _hyphen, letter) => letter.toUpperCase());

function fillPackage(words) {
  const paths = readdirSync(join(templates, "package"), { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    paths
      .filter((path) => path.endsWith(".template"))
      .map((path) => path.replaceAll("\\", "/"))
      .map((path) => [`packages/${words.name}/${fillText(path, words).replace(/\.template$/, "")}`, fill(`package/${path}`, words)]),
  );
}

const fill = (template, words) => fillText(readFileSync(join(templates, template), "utf8"), words);

const fillText = (text, words) => text.replace(/\{\{(\w+)\}\}/g, (_, word) => words[word]);
