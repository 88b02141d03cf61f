// On demand, because it needs the network: node scripts/check-runtimes.mjs
// Installs the packed packages in an empty project and runs scripts/runtimes in Node.js, Bun and Deno.
import "./lib/require-node.mjs";
import { execSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packPackages } from "./lib/pack.mjs";
import { main, root } from "./lib/run.mjs";
import { say } from "./lib/terminal.mjs";

const runtimes = { "Node.js": "node", Bun: "npx bun", Deno: "npx deno run --allow-all" };
const others = ["bun@1.4.5", "deno@2.9.6"];
const tfjs = ["@tensorflow/tfjs-core@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0"];

/** What the last line of each program must be. */
const programs = {
  "gradient.mjs": "[1,7,2,14]", // each row of dY Wᵀ is [1, 7], once for id 0 and twice for id 1
  "threads.mjs": '{"asked":2,"got":2,"right":true,"trains":true,"refusals":[]}',
};

async function installProject(folder) {
  const packed = await packPackages(join(folder, "tarballs"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  cpSync(join(root, "scripts/runtimes"), folder, { recursive: true });
  cpSync(join(root, "internal/hosting/shared/compute.js"), join(folder, "compute.js"));
  const names = [...packed.map(({ tarball }) => tarball), ...tfjs, ...others];
  run(folder, `npm install --no-audit --no-fund ${names.join(" ")}`);
}

const run = (cwd, command) => execSync(command, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], timeout: 180_000 }).trim();

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), "check-runtimes-"));
  try {
    await installProject(folder);
    const results = Object.entries(runtimes).flatMap(([name, command]) =>
      Object.entries(programs).map(([program, expected]) => {
        const last = run(folder, `${command} ${program}`).split("\n").at(-1);
        say(`${name}, ${program}: ${last}${last === expected ? "" : `, expected ${expected}`}`);
        return last === expected;
      }),
    );
    return results.every(Boolean) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
});
