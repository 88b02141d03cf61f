import { setupWasm } from "@tfblocks/wasm";
import { generate as generateTokens } from "@tfblocks/transformer/generate";
import { TextStream } from "@tfblocks/text";
import { replaceFile } from "@tfblocks/weights/node";
import { type CommandContext, CommandError, interrupted, runCommand } from "@tfblocks/command-line";
import { attentionMaps } from "./attention-file.js";
import { loadModelFolder, type ModelFolder } from "./model-folder.js";
import { type GenerateCommandOptions, parseGenerateOptions } from "./options.js";
import { promptDecoder, type PromptedDecoder } from "./prompted-decoder.js";
import { Stopwatch, type Timing, timingLine } from "./timing.js";
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
    const written = await write(decoder, loaded, options, context).finally(() => decoder.dispose());
    if (options.attention !== undefined) await saveAttention(options.attention, loaded, prompt, [...decoder.prompt, ...written.ids]);
    if (options.json) context.stdout.write(`${JSON.stringify(result(options, loaded, prompt, written), null, 2)}\n`);
    else context.stderr.write(`${timingLine(written.timing)}\n`);
    return written.isComplete ? 0 : interrupted;
  } finally {
    loaded.pretrained.model.dispose();
  }
}

interface Generated {
  readonly ids: readonly number[];
  readonly text: string;
  readonly finished: string;
  /** False if interrupted. */
  readonly isComplete: boolean;
  readonly timing: Timing;
}

async function write(
  writer: PromptedDecoder,
  loaded: ModelFolder,
  options: GenerateCommandOptions,
  context: CommandContext,
): Promise<Generated> {
  const { maxNewTokens, sampling, seed, json, prompt } = options;
  const print = (text: string) => void (json || context.stdout.write(text));
  const stream = new TextStream(loaded.tokenizer, writer.continues ? writer.prompt : []);
  const watch = new Stopwatch(writer.continues ? writer.prompt.length : loaded.tokenizer.encode(prompt).length);
  const ids: number[] = [];
  let [text, finished] = ["", "interrupted"];
  if (writer.continues) print(prompt);
  for await (const step of generateTokens(writer.decoder, writer.prompt, {
    ...sampling,
    maxNewTokens,
    seed,
    stopTokens: loaded.stopTokens,
  })) {
    watch.tick();
    const id = step.tokens[0]!;
    ids.push(id);
    const newText = stream.add(id);
    text += newText;
    print(newText);
    finished = step.finished[0] ?? finished;
    if (context.signal.aborted) break;
  }
  print("\n");
  return { ids, text, finished, isComplete: finished !== "interrupted", timing: watch.read() };
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
  written: Generated,
) {
  return {
    family: pretrained.family,
    prompt: text,
    promptTokens: tokenizer.tokens(prompt),
    text: written.text,
    tokens: tokenizer.tokens(written.ids),
    finished: written.finished,
    timing: written.timing,
  };
}
