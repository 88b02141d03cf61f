import { type CommandContext, interrupted, runCommand } from "@tfblocks/command-line";
import { setupWasm } from "@tfblocks/wasm";
import { loadModelFolder } from "../model/model-folder.js";
import { type AnalyzeOptions, parseAnalyzeOptions } from "./options.js";
import { reportExperiment } from "./recipe-experiment.js";
import { reportText } from "./text-report.js";
import { usage } from "./usage.js";

/**
 * Writes a report of the attention heads of a model on a text, or prints the experiment of a recipe.
 *
 * @returns the exit code: 0 for success, 1 if the model or the text cannot be used, 2 for invalid options, 130 if interrupted
 */
export async function analyze(args: readonly string[], context: CommandContext): Promise<number> {
  return runCommand("analyze", context, async () => {
    const options = parseAnalyzeOptions(args);
    if (options !== undefined) return run(options, context);
    context.stdout.write(usage);
    return 0;
  });
}

async function run(options: AnalyzeOptions, context: CommandContext): Promise<number> {
  await setupWasm(options.threads === undefined ? {} : { threads: options.threads });
  const folder = await loadModelFolder(options.model, context.signal);
  try {
    await ("experiment" in options ? reportExperiment(folder, options, context) : reportText(folder, options, context));
    return 0;
  } catch (error) {
    if (context.signal.aborted) return interrupted;
    throw error;
  } finally {
    folder.pretrained.model.dispose();
  }
}
