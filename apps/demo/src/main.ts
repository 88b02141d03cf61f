import { fstatSync } from "node:fs";
import { exitOnClosedPipe } from "@tfblocks/command-line";
import { demo } from "./demo.js";

/** Whether standard input is a pipe, a file or a socket, which may contain a text. */
function hasInput(): boolean {
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isFile() || input.isSocket();
  } catch {
    return false; // closed
  }
}

exitOnClosedPipe();
const stdin = hasInput() ? process.stdin : undefined;
process.exitCode = await demo(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, stdin, env: process.env });
