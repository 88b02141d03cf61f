import { ArgumentError } from "@tfblocks/tensor-utils";
import { CommandError, UsageError } from "./command-error.js";
import type { Surroundings } from "./surroundings.js";

/** Exit code of a command that was used wrongly. */
const wrongUse = 2;

/** Runs a command's body; what it refuses becomes one sentence on standard error, and the exit code 1, or 2 for wrong options. */
export async function runCommand(name: string, { stderr }: Surroundings, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof ArgumentError)) throw error;
    const advice = error instanceof UsageError ? "; --help lists the options" : "";
    const sentence = error.message.startsWith(`${name}: `) ? error.message : `${name}: ${error.message}`;
    stderr.write(`${sentence}${advice}\n`);
    return error instanceof UsageError ? wrongUse : 1;
  }
}
