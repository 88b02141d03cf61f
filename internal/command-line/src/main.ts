import type { CommandContext } from "./command-context.js";
import { interrupted } from "./run-command.js";

/** Milliseconds within which signals count as one Ctrl-C: both the terminal and npm send it. */
const sameKeystroke = 500;

/** Runs a command in this process. The first Ctrl-C asks it to stop, the second one ends the process. */
export async function main(command: (args: readonly string[], context: CommandContext) => Promise<number>): Promise<void> {
  exitOnClosedPipe();
  const [signal, release] = stopOnSignals();
  try {
    process.exitCode = await command(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, signal });
  } finally {
    release();
  }
}

/** Ends the process quietly when the reader of standard output, for example `head`, closes the pipe. */
export function exitOnClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}

/** Aborts the signal on the first Ctrl-C and ends the process on the second. @returns the signal, and a function that stops listening */
export function stopOnSignals(): [signal: AbortSignal, release: () => void] {
  const stop = new AbortController();
  let firstAt = Infinity;
  const onSignal = (): void => {
    if (performance.now() - firstAt > sameKeystroke) process.exit(interrupted);
    firstAt = Math.min(firstAt, performance.now());
    stop.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const name of signals) process.on(name, onSignal);
  return [stop.signal, () => signals.forEach((name) => process.off(name, onSignal))];
}
