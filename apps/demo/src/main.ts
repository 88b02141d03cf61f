import { fstatSync } from "node:fs";
import { demo } from "./demo.js";

/** Whether a text may come in; a terminal and /dev/null are neither pipe nor file. */
function hasInput(): boolean {
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isFile() || input.isSocket();
  } catch {
    return false; // closed
  }
}

// A reader such as `head` may leave before the end.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const stdin = hasInput() ? process.stdin : undefined;
process.exitCode = await demo(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, stdin, env: process.env });
