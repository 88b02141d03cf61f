import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { rootFolder } from "../paths.mjs";

/** `packages/<name>/bench/*.mjs`: a file of rows beside the block that they time. */
function benchFiles() {
  const folders = readdirSync(join(rootFolder, "packages")).map((name) => `packages/${name}/bench`);
  return folders
    .filter((folder) => existsSync(join(rootFolder, folder)))
    .flatMap((folder) => readdirSync(join(rootFolder, folder)).map((name) => `${folder}/${name}`))
    .filter((file) => file.endsWith(".mjs"));
}

async function casesOf(file) {
  const { cases } = await import(`../../../../${file}`);
  return cases.map(({ spec, ...rest }) => ({ ...rest, spec: { kind: "block", file, ...spec }, opponents: ["stock"] }));
}

/** Whole blocks, each beside the same formula in tfjs's operations. */
export const blocks = (await Promise.all(benchFiles().map(casesOf))).flat();
