import { interrupted } from "./run-command.js";
import type { Surroundings } from "./surroundings.js";

/** Runs a command in this process. The first Ctrl-C asks it to end, the second one ends it. */
export async function main(command: (args: readonly string[], around: Surroundings) => Promise<number>): Promise<void> {
  // A reader such as `head` may leave before the end.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(interrupted);
      stop.abort();
    });
  }
  process.exitCode = await command(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, signal: stop.signal });
}
