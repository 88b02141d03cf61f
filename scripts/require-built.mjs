// Runs before a package is packed or published: a clone that was not built would give a tarball without code.
import { existsSync, readFileSync } from "node:fs";

const { name, exports } = JSON.parse(readFileSync("package.json", "utf8"));
const files = Object.values(exports).flatMap((target) => (typeof target === "string" ? target : [target.types, target.default]));
const missing = files.filter((file) => !existsSync(file));

if (missing.length > 0) {
  console.error(`${name} is not built (${missing[0]} is missing): run "npm run build" in the root of the repository first.`);
  process.exit(1);
}
