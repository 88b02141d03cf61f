// On demand, needs the network: packs this package and what it needs, installs them in an empty project, and lets Node.js,
// Bun and Deno attend and train with two threads.
//   node packages/wasm/scripts/check-runtimes.mjs
import { execSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const runtimes = { node: "node", "bun@1.4.5": "npx bun", "deno@2.9.6": "npx deno run --allow-all" };
const program = `
import { compute } from "./compute.js";
const { info, error, before, after } = await compute();
process.on("exit", () => console.log(JSON.stringify({ ...info.threads, right: error < 1e-5, trains: after < before, refusals: info.refusals })));
`;
const expected = '{"asked":2,"got":2,"right":true,"trains":true,"refusals":[]}';

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "check-runtimes-"));
const run = (command, cwd = folder) =>
  execSync(command, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], timeout: 180_000 }).trim();

try {
  run("npm run build", root);
  for (const name of ["tensor-utils", "masks", "attention", "wasm"]) {
    run(`npx -y pnpm@12.21.0 pack --out ${folder}/${name}.tgz`, join(root, "packages", name));
  }
  const tarballs = readdirSync(folder).map((name) => join(folder, name));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "program.js"), program);
  cpSync(join(root, "internal/recipes/shared/compute.js"), join(folder, "compute.js"));
  const others = Object.keys(runtimes).filter((name) => name !== "node");
  const tfjs = ["@tensorflow/tfjs-core@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0"];
  run(`npm install --no-audit --no-fund ${[...tarballs, ...tfjs, ...others].join(" ")}`);
  for (const [name, command] of Object.entries(runtimes)) {
    const last = run(`${command} program.js`).split("\n").at(-1);
    console.log(`${name} (${run(`${command.split(" run")[0]} --version`).split("\n")[0]}): ${last}`);
    if (last !== expected) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
