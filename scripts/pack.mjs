import "./lib/require-node.mjs";
import { join, relative, resolve } from "node:path";
import { packPackages } from "./lib/pack.mjs";
import { Failure, main, root } from "./lib/run.mjs";
import { say } from "./lib/terminal.mjs";

const help = `npm run pack [-- <folder>]

Builds every package and packs it, as a release would, into a folder (default: tarballs in the root of the repository).`;

await main(async () => {
  const [folder = join(root, "tarballs"), ...others] = process.argv.slice(2);
  if (folder === "--help" || folder === "-h") return say(help) ?? 0;
  if (folder.startsWith("-") || others.length > 0) throw new Failure(`pack: expected one folder; "npm run pack -- --help" explains.`);
  const packed = await packPackages(resolve(folder));
  for (const { tarball } of packed) say(relative(process.cwd(), tarball));
  return 0;
});
