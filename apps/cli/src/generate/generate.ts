import { setupWasm } from "@tfblocks/wasm";
import type { Tokenizer } from "@tfblocks/text";
import type { Decoder, StepLogProbs } from "@tfblocks/transformer/generate";
import { replaceFile } from "@tfblocks/weights/node";
import { type CommandContext, CommandError, interrupted, runCommand } from "@tfblocks/command-line";
import { attentionMaps } from "./attention-file.js";
import { readCache, writeCache } from "./cache-file.js";
import { settingsOf } from "./generation-settings.js";
import { loadModelFolder, type ModelFolder } from "./model-folder.js";
import { type GenerateCommandOptions, parseGenerateOptions } from "./options.js";
import { type Output, writeOutput } from "./output.js";
import { promptDecoder, type PromptedDecoder } from "./prompted-decoder.js";
import { timingLine } from "./timing.js";
import { usage } from "./usage.js";
import { warnAboutUnknownText } from "./unknown-text.js";

/**
 * Generates text with a model from a Hugging Face folder.
 *
 * @returns the exit code: 0 for success, 1 if the model or the prompt cannot be used, 2 for invalid options, 130 if interrupted
 */
export async function generate(args: readonly string[], context: CommandContext): Promise<number> {
  return runCommand("generate", context, async () => {
    const options = parseGenerateOptions(args);
    if (options !== undefined) return run(options, context);
    context.stdout.write(usage);
    return 0;
  });
}

async function run(options: GenerateCommandOptions, context: CommandContext): Promise<number> {
  await setupWasm(options.threads === undefined ? {} : { threads: options.threads });
  const loaded = await loadModelFolder(options.model, context.signal);
  try {
    const prompt = loaded.tokenizer.encode(options.prompt);
    context.stderr.write(warnAboutUnknownText(loaded.tokenizer, options.prompt, prompt));
    const decoder = promptDecoder(loaded, prompt);
    const output = await write(decoder, prompt, loaded, options, context).finally(() => decoder.dispose());
    if (options.attention !== undefined) await saveAttention(options.attention, loaded, prompt, [...decoder.prompt, ...output.ids]);
    if (options.json) context.stdout.write(`${JSON.stringify(result(options, loaded, prompt, output), null, 2)}\n`);
    else context.stderr.write(`${timingLine(output.timing)}\n`);
    return output.finished === "interrupted" ? interrupted : 0;
  } finally {
    loaded.pretrained.model.dispose();
  }
}

/** Generates the output, with the prompt cache if there is one. */
async function write(
  writer: PromptedDecoder,
  prompt: readonly number[],
  loaded: ModelFolder,
  options: GenerateCommandOptions,
  context: CommandContext,
): Promise<Output> {
  const settings = settingsOf(loaded, options);
  const print = (text: string) => void (options.json || context.stdout.write(text));
  const cache = options.cache === undefined ? undefined : await readCache(options.cache, cachedDecoder(writer));
  try {
    if (writer.continues) print(options.prompt);
    const output = await writeOutput({ writer, loaded, promptTokens: prompt.length, cache, context, print }, settings);
    print("\n");
    if (cache !== undefined) await writeCache(options.cache!, cache);
    return output;
  } finally {
    cache?.dispose();
  }
}

/** @throws CommandError for an encoder-decoder, whose output depends on the whole prompt */
function cachedDecoder({ decoder, continues }: PromptedDecoder): Decoder {
  if (continues) return decoder;
  throw new CommandError("--cache needs a model that continues its prompt, got an encoder-decoder, which answers it");
}

async function saveAttention(
  path: string,
  { pretrained, tokenizer }: ModelFolder,
  prompt: readonly number[],
  ids: readonly number[],
): Promise<void> {
  const maps = await attentionMaps(pretrained.model, tokenizer, prompt, ids);
  await replaceFile(path, (file) => file.writeFile(`${JSON.stringify(maps)}\n`)).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`cannot write the --attention file ${path} (${error.code})`, { cause: error });
  });
}

function result(
  { prompt: text }: GenerateCommandOptions,
  { pretrained, tokenizer }: ModelFolder,
  prompt: readonly number[],
  output: Output,
) {
  return {
    family: pretrained.family,
    prompt: text,
    promptTokens: tokenizer.tokens(prompt),
    text: output.text,
    tokens: tokenizer.tokens(output.ids),
    ...(output.logProbs && { logProbs: shownLogProbs(tokenizer, output.logProbs) }),
    finished: output.finished,
    timing: output.timing,
  };
}

/** The log-probabilities of each token, with the most likely tokens as text. */
function shownLogProbs(tokenizer: Tokenizer, logProbs: readonly StepLogProbs[]) {
  return logProbs.map(({ logProb, top }) => ({
    logProb,
    top: top.map(({ token, logProb: other }) => ({ token: tokenizer.tokens([token])[0], logProb: other })),
  }));
}
