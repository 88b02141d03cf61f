import { ArgumentError } from "@tfblocks/tensor-utils";
import { WasmSetupError } from "@tfblocks/wasm";
import { CommandError, UsageError } from "./command-error.js";
import type { Surroundings } from "./surroundings.js";

/** Exit code of a command that was used wrongly. */
const wrongUse = 2;
/** Exit code of a command that a Ctrl-C ended. */
export const interrupted = 130;

/** Runs a command's body; what it refuses becomes one sentence on standard error, and the exit code 1, or 2 for wrong options. */
export async function runCommand(name: string, { stderr, signal }: Surroundings, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (signal.aborted && error === signal.reason) return interrupted;
    if (!isRefusal(error)) throw error;
    const advice = error instanceof UsageError ? "; --help lists the options" : "";
    const sentence = error.message.startsWith(`${name}: `) ? error.message : `${name}: ${error.message}`;
    stderr.write(`${sentence}${advice}\n`);
    return error instanceof UsageError ? wrongUse : 1;
  }
}

/** What says all in one sentence: our errors, and those of the system, such as a full disk. */
function isRefusal(error: unknown): error is Error {
  const ours = error instanceof CommandError || error instanceof ArgumentError || error instanceof WasmSetupError;
  return ours || (error instanceof Error && "syscall" in error);
}
