import { setupWasm } from "@tfblocks/wasm";
import type { Tokenizer } from "@tfblocks/text";
import type { Decoder, StepLogProbs } from "@tfblocks/transformer/generate";
import { replaceFile } from "@tfblocks/weights/node";
import { type CommandContext, CommandError, interrupted, runCommand } from "@tfblocks/command-line";
import { attentionMaps } from "./attention-file.js";
import { readCache, writeCache } from "./cache-file.js";
import { type ChatContext, openChat, userMessages } from "./chat.js";
import { settingsOf } from "./generation-settings.js";
import { loadModelFolder, type ModelFolder } from "../model/model-folder.js";
import { type GenerateCommandOptions, parseGenerateOptions } from "./options.js";
import { type Output, writeOutput } from "./output.js";
import { promptDecoder, type PromptedDecoder } from "./prompted-decoder.js";
import { timingLine } from "./timing.js";
import { usage } from "./usage.js";
import { warnAboutUnknownText } from "../model/unknown-text.js";

/**
 * Generates text with a model from a Hugging Face folder.
 *
 * @returns the exit code: 0 for success, 1 if the model or the prompt cannot be used, 2 for invalid options, 130 if interrupted
 */
export async function generate(args: readonly string[], context: ChatContext): Promise<number> {
  return runCommand("generate", context, async () => {
    const options = parseGenerateOptions(args);
    if (options !== undefined) return run(options, context);
    context.stdout.write(usage);
    return 0;
  });
}

async function run(options: GenerateCommandOptions, context: ChatContext): Promise<number> {
  await setupWasm(options.threads === undefined ? {} : { threads: options.threads });
  const loaded = await loadModelFolder(options.model, context.signal);
  try {
    if (options.chat !== undefined) return await converse(loaded, options, options.chat.system, context);
    const text = options.prompt!;
    const { finished } = await respond({ text, ids: loaded.tokenizer.encode(text), shown: text }, loaded, options, context);
    return finished === "interrupted" ? interrupted : 0;
  } finally {
    loaded.pretrained.model.dispose();
  }
}

/** Answers one message after the other. */
async function converse(
  loaded: ModelFolder,
  options: GenerateCommandOptions,
  system: string | undefined,
  context: ChatContext,
): Promise<number> {
  const chat = await openChat(loaded, system);
  for await (const text of userMessages(options.prompt, context)) {
    const output = await respond({ text, ids: chat.ask(text), shown: "" }, { ...loaded, tokenizer: chat.tokenizer }, options, context);
    if (output.finished === "interrupted") return interrupted;
    chat.answer(output.text);
  }
  return context.signal.aborted ? interrupted : 0;
}

/** What the model is to continue or answer. */
interface Prompt {
  /** As the user wrote it. */
  readonly text: string;
  readonly ids: readonly number[];
  /** What is printed before the output of a model that continues its prompt. */
  readonly shown: string;
}

async function respond(prompt: Prompt, loaded: ModelFolder, options: GenerateCommandOptions, context: CommandContext): Promise<Output> {
  const { text, ids } = prompt;
  const own = prompt.shown === text ? ids : loaded.tokenizer.encode(text); // without what a chat template adds
  context.stderr.write(warnAboutUnknownText(loaded.tokenizer, text, own));
  const decoder = promptDecoder(loaded, ids);
  const output = await write(decoder, prompt, loaded, options, context).finally(() => decoder.dispose());
  if (options.attention !== undefined) await saveAttention(options.attention, loaded, ids, [...decoder.prompt, ...output.ids]);
  if (options.json) context.stdout.write(`${JSON.stringify(result(prompt, loaded, output), null, 2)}\n`);
  else context.stderr.write(`${timingLine(output.timing)}\n`);
  return output;
}

/** Generates the output, with the prompt cache if there is one. */
async function write(
  writer: PromptedDecoder,
  prompt: Prompt,
  loaded: ModelFolder,
  options: GenerateCommandOptions,
  context: CommandContext,
): Promise<Output> {
  const settings = settingsOf(loaded, options);
  const print = (text: string) => void (options.json || context.stdout.write(text));
  const cache = options.cache === undefined ? undefined : await readCache(options.cache, cachedDecoder(writer));
  try {
    if (writer.continues) print(prompt.shown);
    const output = await writeOutput({ writer, loaded, promptTokens: prompt.ids.length, cache, context, print }, settings);
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

function result({ text, ids }: Prompt, { pretrained, tokenizer }: ModelFolder, output: Output) {
  return {
    family: pretrained.family,
    prompt: text,
    promptTokens: tokenizer.tokens(ids),
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
