import { setupWasm } from "@tfblocks/wasm";
import { generate as generateTokens } from "@tfblocks/transformer/generate";
import { TextStream } from "@tfblocks/text";
import { replaceFile } from "@tfblocks/weights/node";
import { CommandError } from "../command/command-error.js";
import { interrupted, runCommand } from "../command/run-command.js";
import type { Surroundings } from "../command/surroundings.js";
import { attentionMaps } from "./attention-file.js";
import { loadModelFolder, type ModelFolder } from "./model-folder.js";
import { misreading } from "./misreading.js";
import { type GenerateCommandOptions, parseGenerateOptions } from "./options.js";
import { Stopwatch, type Timing, timingLine } from "./timing.js";
import { usage } from "./usage.js";
import { type Writer, writerOf } from "./writer.js";

/**
 * Generates text with a model of a Hugging Face folder.
 *
 * @returns the exit code: 0 when done, 1 when model or prompt cannot be used, 2 for wrong options, 130 when interrupted
 */
export async function generate(args: readonly string[], around: Surroundings): Promise<number> {
  return runCommand("generate", around, async () => {
    const options = parseGenerateOptions(args);
    if (options !== undefined) return run(options, around);
    around.stdout.write(usage);
    return 0;
  });
}

async function run(options: GenerateCommandOptions, around: Surroundings): Promise<number> {
  await setupWasm(options.threads === undefined ? {} : { threads: options.threads });
  const loaded = await loadModelFolder(options.model, around.signal);
  try {
    const prompt = loaded.tokenizer.encode(options.prompt);
    around.stderr.write(misreading(loaded.tokenizer, options.prompt, prompt));
    const writer = writerOf(loaded, prompt);
    const written = await write(writer, loaded, options, around).finally(() => writer.dispose());
    if (options.attention !== undefined) await saveAttention(options.attention, loaded, prompt, [...writer.prompt, ...written.ids]);
    if (options.json) around.stdout.write(`${JSON.stringify(result(options, loaded, prompt, written), null, 2)}\n`);
    else around.stderr.write(`${timingLine(written.timing)}\n`);
    return written.isWhole ? 0 : interrupted;
  } finally {
    loaded.pretrained.model.dispose();
  }
}

interface Written {
  readonly ids: readonly number[];
  readonly text: string;
  readonly finished: string;
  /** Whether nobody interrupted it. */
  readonly isWhole: boolean;
  readonly timing: Timing;
}

async function write(writer: Writer, loaded: ModelFolder, options: GenerateCommandOptions, around: Surroundings): Promise<Written> {
  const { maxNewTokens, sampling, seed, json, prompt } = options;
  const say = (text: string) => void (json || around.stdout.write(text));
  const stream = new TextStream(loaded.tokenizer, writer.continues ? writer.prompt : []);
  const watch = new Stopwatch(writer.continues ? writer.prompt.length : loaded.tokenizer.encode(prompt).length);
  const ids: number[] = [];
  let [text, finished] = ["", "interrupted"];
  if (writer.continues) say(prompt);
  for await (const step of generateTokens(writer.decoder, writer.prompt, {
    ...sampling,
    maxNewTokens,
    seed,
    stopTokens: loaded.stopTokens,
  })) {
    watch.tick();
    const id = step.tokens[0]!;
    ids.push(id);
    const fresh = stream.add(id);
    text += fresh;
    say(fresh);
    finished = step.finished[0] ?? finished;
    if (around.signal.aborted) break;
  }
  say("\n");
  return { ids, text, finished, isWhole: finished !== "interrupted", timing: watch.read() };
}

async function saveAttention(
  path: string,
  { pretrained, tokenizer }: ModelFolder,
  prompt: readonly number[],
  ids: readonly number[],
): Promise<void> {
  const maps = await attentionMaps(pretrained.model, tokenizer, prompt, ids);
  await replaceFile(path, (file) => file.writeFile(`${JSON.stringify(maps)}\n`)).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`--attention must be a file that can be written, got ${path} (${error.code})`, { cause: error });
  });
}

function result(
  { prompt: text }: GenerateCommandOptions,
  { pretrained, tokenizer }: ModelFolder,
  prompt: readonly number[],
  written: Written,
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
