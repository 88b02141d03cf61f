import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { mustRun, pnpm, root } from "./run.mjs";
import { build, foldersIn, manifestOf } from "./workspace.mjs";

/** Builds and packs every package, as a release does, into `folder`; returns { name, folder, tarball } of each. */
export async function packPackages(folder) {
  await build();
  mkdirSync(folder, { recursive: true });
  const packed = foldersIn("packages").map((source) => ({
    name: manifestOf(source).name,
    folder: source,
    tarball: join(folder, `${source.replace("packages/", "")}.tgz`),
  }));
  for (const { name, folder: source, tarball } of packed) {
    await mustRun(`Packing ${name}`, pnpm("pack", "--out", tarball), { cwd: join(root, source) });
  }
  return packed;
}
