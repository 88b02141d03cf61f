import { interrupted } from "./run-command.js";
import type { Surroundings } from "./surroundings.js";

/** Milliseconds in which one Ctrl-C may arrive several times: from the terminal, and passed on by npm. */
const oneKeystroke = 500;

/** Runs a command in this process. The first Ctrl-C asks it to end, the second one ends it. */
export async function main(command: (args: readonly string[], around: Surroundings) => Promise<number>): Promise<void> {
  // A reader such as `head` may leave before the end.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  const [stop, release] = stopOnSignals();
  try {
    process.exitCode = await command(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, signal: stop });
  } finally {
    release();
  }
}

/** Aborts at the first Ctrl-C, and ends the process at the next. @returns the signal, and what stops the listening */
export function stopOnSignals(): [stop: AbortSignal, release: () => void] {
  const stop = new AbortController();
  let askedAt = Infinity;
  const ask = (): void => {
    if (performance.now() - askedAt > oneKeystroke) process.exit(interrupted);
    askedAt = Math.min(askedAt, performance.now());
    stop.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, ask);
  return [stop.signal, () => signals.forEach((signal) => process.off(signal, ask))];
}
