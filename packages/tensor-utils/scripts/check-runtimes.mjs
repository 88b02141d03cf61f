// On demand, needs the network: packs this package, installs it with tfjs-core and the WASM backend in an empty
// project, and lets Node.js, Bun and Deno compute one gradient through the packed files.
//   node packages/tensor-utils/scripts/check-runtimes.mjs
import { execSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const runtimes = { node: "node", "bun@1.4.5": "npx bun", "deno@2.9.6": "npx deno run --allow-all" };
const program = `
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import "@tfblocks/tensor-utils/gradients";
import { embedding, matmul } from "@tfblocks/tensor-utils";
await tf.setBackend("wasm");
const [table, ids, weight] = [tf.tensor2d([[1, 2], [3, 4]]), tf.tensor1d([1, 1, 0], "int32"), tf.tensor2d([[1, 0], [2, 5]])];
const gradient = tf.grad((rows) => tf.sum(matmul(embedding(rows, ids), weight)))(table);
console.log(tf.getBackend(), [...gradient.dataSync()].join(" "));
`;
const expected = "wasm 1 7 2 14"; // each row of dY Wᵀ is [1, 7], once for id 0 and twice for id 1

const here = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "check-runtimes-"));
const run = (command, cwd = folder) => execSync(command, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();

try {
  run("npm run build", here);
  run(`npx -y pnpm@12.21.0 pack --pack-destination "${folder}"`, here);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "program.js"), program);
  const others = Object.keys(runtimes).filter((name) => name !== "node");
  run(
    `npm install --no-audit --no-fund ./${tarball} @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 ${others.join(" ")}`,
  );
  for (const [name, command] of Object.entries(runtimes)) {
    const last = run(`${command} program.js`).split("\n").at(-1);
    console.log(`${name} (${run(`${command.split(" run")[0]} --version`).split("\n")[0]}): ${last}`);
    if (last !== expected) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
