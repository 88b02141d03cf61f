import { ArgumentError } from "@tfblocks/tensor-utils";
import { WasmSetupError } from "@tfblocks/wasm";
import type { CommandContext } from "./command-context.js";
import { CommandError, UsageError } from "./command-error.js";

/** Exit code for an invalid command line. */
const usageFailed = 2;
/** Exit code of a command that was interrupted with Ctrl-C. */
export const interrupted = 130;

/**
 * Runs a command. An error that is meant for the user is written to standard error as one sentence.
 *
 * @returns the exit code of `body`; 1 for an error, 2 for an invalid command line, 130 if interrupted
 */
export async function runCommand(
  name: string,
  { stderr, signal }: Pick<CommandContext, "stderr"> & Partial<Pick<CommandContext, "signal">>,
  body: () => Promise<number>,
): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return interrupted;
    if (!isForUser(error)) throw error;
    const advice = error instanceof UsageError ? "; see --help" : "";
    const sentence = error.message.startsWith(`${name}: `) ? error.message : `${name}: ${error.message}`;
    stderr.write(`${sentence}${advice}\n`);
    return error instanceof UsageError ? usageFailed : 1;
  }
}

/** Whether the message of an error is complete: errors of tfblocks, and system errors such as a full disk. */
function isForUser(error: unknown): error is Error {
  const isOurs = error instanceof CommandError || error instanceof ArgumentError || error instanceof WasmSetupError;
  return isOurs || (error instanceof Error && "syscall" in error);
}
