import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { benchFolder } from "./paths.mjs";

const mebibyte = 2 ** 20;
const run = promisify(execFile);
const samples = 5;

/**
 * Opens a Hugging Face folder of an encoder, each time in a process of its own: the memory that it takes beside the file of its weights, and its time.
 *
 * @returns `{ rows, missing }` as `runCase`
 */
export async function runFolder(_hosts, suite, { case: name, backend }, { quick }) {
  const folder = await mkdtemp(join(tmpdir(), "bench-folder-"));
  try {
    await script("write.mjs", folder);
    const file = (await stat(join(folder, "model.safetensors"))).size / mebibyte;
    const opened = [];
    for (let sample = 0; sample < (quick ? 1 : samples); sample++) opened.push(JSON.parse(await script("open.mjs", folder, backend)));
    const ours = { ...statistics(opened.map(({ peak }) => peak / mebibyte)), unit: "MiB" };
    const opponent = { name: "file of the weights", version: "", median: file, min: file, max: file };
    const base = { suite, case: name, runtime: `Node.js ${process.versions.node}`, threads: 1, ours, opponent, ratio: file / ours.median };
    const milliseconds = statistics(opened.map(({ ms }) => ms));
    return {
      rows: [{ ...base, heapGrowth: Math.max(...opened.map(({ heapGrowth }) => heapGrowth)) / mebibyte, milliseconds }],
      missing: [],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function script(name, ...args) {
  const { stdout } = await run(process.execPath, ["--expose-gc", join(benchFolder, "src/folder", name), ...args]);
  return stdout;
}

function statistics(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1) };
}
