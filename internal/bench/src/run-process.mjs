import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { benchFolder } from "./paths.mjs";
import { once, statistics } from "./statistics.mjs";

const mebibyte = 2 ** 20;
const run = promisify(execFile);

/**
 * Opens a Hugging Face folder of an encoder, each time in a process of its own: the memory that it takes beside the file of its weights, and its time.
 *
 * @returns `{ rows, missing }` as `runCase`
 */
export async function runFolder(_hosts, suite, { case: name, backend }, { quick }) {
  const folder = await mkdtemp(join(tmpdir(), "bench-folder-"));
  try {
    await script("write-folder.mjs", folder);
    const size = (await stat(join(folder, "model.safetensors"))).size / mebibyte;
    const beside = { name: "file of the weights", size };
    return await measured(suite, name, beside, quick ? 1 : 5, "open-folder.mjs", folder, backend);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Asks a model about its heads in a process of its own: the memory beside that of the tensors that the case names, and the time. @returns as `runCase` */
export const runAnalysis = async (_hosts, suite, { case: name, question, spec, beside }) =>
  measured(suite, name, beside, 1, "analysis.mjs", question, JSON.stringify(spec));

async function measured(suite, name, beside, samples, ...command) {
  const results = [];
  for (let sample = 0; sample < samples; sample++) results.push(JSON.parse(await script(...command)));
  const ours = { ...statistics(results.map(({ peak }) => peak / mebibyte)), unit: "MiB" };
  const opponent = { name: beside.name, version: "", ...once(beside.size) };
  const row = {
    suite,
    case: name,
    runtime: `Node.js ${process.versions.node}`,
    threads: 1,
    ours,
    opponent,
    ratio: beside.size / ours.median,
  };
  const heapGrowth = Math.max(...results.map((each) => each.heapGrowth)) / mebibyte;
  return { rows: [{ ...row, heapGrowth, milliseconds: statistics(results.map(({ ms }) => ms)) }], missing: [] };
}

async function script(name, ...args) {
  const { stdout } = await run(process.execPath, ["--expose-gc", join(benchFolder, "src/processes", name), ...args]);
  return stdout;
}
