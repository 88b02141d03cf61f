import { fork } from "node:child_process";
import { join } from "node:path";
import { benchFolder } from "../paths.mjs";
import { requests } from "./requests.mjs";

/** A host in a Node.js process of its own, by default ours on this very Node.js. */
export function connectNode({ execPath = process.execPath, main = "src/host/node-main.mjs" } = {}) {
  const child = fork(join(benchFolder, main), { execPath, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const { call, answer, failAll } = requests((request) => child.send(request));
  child.on("message", answer);
  child.on("error", failAll);
  child.on("exit", (code, signal) => failAll(new Error(`the host process ended with ${signal ?? `exit code ${code}`}`)));
  const close = () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", resolve);
      child.disconnect();
    });
  return { call, close };
}
