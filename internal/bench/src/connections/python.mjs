import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { benchFolder, torchStamp, venvPython } from "../paths.mjs";
import { requests } from "./requests.mjs";

export const hasPyTorch = () => existsSync(torchStamp);

/** A host in a Python process: one request and one answer a line. */
export function connectPyTorch({ threads }) {
  const child = spawn(venvPython, [join(benchFolder, "torch/host.py")], {
    env: { ...process.env, OMP_NUM_THREADS: String(threads), PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const { call, answer, failAll } = requests((request) => child.stdin.write(`${JSON.stringify(request)}\n`));
  createInterface({ input: child.stdout }).on("line", (line) => answer(JSON.parse(line)));
  child.on("error", failAll);
  child.stdin.on("error", failAll);
  child.on("exit", (code, signal) => failAll(new Error(`the PyTorch process ended with ${signal ?? `exit code ${code}`}`)));
  const close = () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", resolve);
      child.stdin.end();
    });
  return { call, close };
}
