import { type Column, type CommandContext, CommandError, fixed, runCommand, table } from "@tfblocks/command-line";
import { setupWasm } from "@tfblocks/wasm";
import type { Recipe } from "@tfblocks/zoo";
import { loadModelFolder } from "../model/model-folder.js";
import { trainedFolder } from "../model/trained-folder.js";
import { type EncoderQuality, measureEncoder } from "./measure-encoder.js";
import { measureRecipe, type PrecisionQuality } from "./measure-recipe.js";
import { parseQualityOptions, type QualityOptions } from "./options.js";
import { usage } from "./usage.js";

/** Compares models with themselves at 8 and 4 bits. @returns the exit code */
export async function quality(args: readonly string[], context: CommandContext): Promise<number> {
  return runCommand("quality", context, async () => {
    const options = parseQualityOptions(args);
    if (options === undefined) context.stdout.write(usage);
    else await run(options, context);
    return 0;
  });
}

async function run(options: QualityOptions, context: CommandContext): Promise<void> {
  await setupWasm(options.threads === undefined ? {} : { threads: options.threads });
  const { stdout } = context;
  const [result, lines] = options.encoder === undefined ? await zoo(options, context) : await encoder(options.encoder, options, context);
  stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : `${lines.join("\n")}\n`);
}

type Report = readonly [result: unknown, lines: string[]];

async function zoo({ chosen, groupSize }: QualityOptions, context: CommandContext): Promise<Report> {
  const rows: (PrecisionQuality & { readonly recipe: string })[] = [];
  for (const recipe of chosen) rows.push(...(await ofRecipe(recipe, groupSize, context)).map((each) => ({ recipe: recipe.name, ...each })));
  const columns: Column[] = [{ title: "model" }, ...["bits", "weights", "loss (nats)", "same token"].map(right)];
  const cells = rows.map(({ recipe, bits, bytes, loss, agreement }) => [
    bits === 32 ? recipe : "",
    String(bits),
    `${fixed(bytes / 1000, 0)} kB`,
    fixed(loss, 4),
    `${fixed(agreement * 100, 2)} %`,
  ]);
  return [rows, table({ columns: context.stdout.columns ?? Infinity }, columns, cells)];
}

async function ofRecipe(recipe: Recipe, groupSize: number, { stderr, signal }: CommandContext): Promise<PrecisionQuality[]> {
  stderr.write(`Measuring ${recipe.name} …\n`);
  const { pretrained } = await loadModelFolder(trainedFolder(recipe.name), signal);
  try {
    return measureRecipe(recipe, pretrained.model, groupSize);
  } catch (error) {
    throw new CommandError(`${recipe.name}: ${(error as Error).message}`, { cause: error });
  } finally {
    pretrained.model.dispose();
  }
}

async function encoder(path: string, { groupSize }: QualityOptions, { stdout, signal }: CommandContext): Promise<Report> {
  const folder = await loadModelFolder(path, signal);
  try {
    const rows: EncoderQuality[] = measureEncoder(folder, groupSize);
    const cells = rows.map(({ bits, least, mean }) => [String(bits), fixed(least, 5), fixed(mean, 5)]);
    const columns = ["bits", "least cosine", "mean cosine"].map(right);
    return [rows, table({ columns: stdout.columns ?? Infinity }, columns, cells)];
  } finally {
    folder.pretrained.model.dispose();
  }
}

const right = (title: string): Column => ({ title, align: "right" });
