import {
  beamSearch,
  type BeamSearchOptions,
  generate,
  type GenerateOptions,
  type LogitsProcessor,
  type PromptCache,
  type StepLogProbs,
} from "@tfblocks/transformer/generate";
import type { CommandContext } from "@tfblocks/command-line";
import { TextStream } from "@tfblocks/text";
import type { GenerationSettings } from "./generation-settings.js";
import type { ModelFolder } from "../model/model-folder.js";
import type { PromptedDecoder } from "./prompted-decoder.js";
import { Stopwatch, type Timing } from "./timing.js";

/** What was generated. */
export interface Output {
  readonly ids: readonly number[];
  readonly text: string;
  /** Why it ended, or "interrupted". */
  readonly finished: string;
  /** For each token, if they were asked for. */
  readonly logProbs: readonly StepLogProbs[] | undefined;
  readonly timing: Timing;
}

/** Where the output goes, and what it starts from. */
export interface OutputTask {
  readonly writer: PromptedDecoder;
  readonly loaded: ModelFolder;
  /** The number of tokens of the prompt, for the speed. */
  readonly promptTokens: number;
  readonly cache: PromptCache | undefined;
  readonly context: CommandContext;
  readonly print: (text: string) => void;
}

/** Generates the output and prints it as it comes; that of beams at the end. */
export function writeOutput(task: OutputTask, settings: GenerationSettings): Promise<Output> {
  return settings.beams ? searchOutput(task, settings.options) : streamOutput(task, settings.options);
}

async function streamOutput(
  { writer, loaded, promptTokens, cache, context, print }: OutputTask,
  options: GenerateOptions,
): Promise<Output> {
  const stream = new TextStream(loaded.tokenizer, writer.continues ? writer.prompt : []);
  const watch = new Stopwatch(promptTokens);
  const ids: number[] = [];
  const logProbs: StepLogProbs[] = [];
  let [text, finished] = ["", "interrupted"];
  for await (const step of generate(writer.decoder, writer.prompt, { ...options, cache })) {
    watch.tick();
    const id = step.tokens[0]!;
    ids.push(id);
    if (step.logProbs?.[0] !== undefined) logProbs.push(step.logProbs[0]);
    const newText = stream.add(id);
    text += newText;
    print(newText);
    finished = step.finished[0] ?? finished;
    if (context.signal.aborted) break;
  }
  const rest = stream.flush();
  text += rest;
  print(rest);
  return { ids, text, finished, logProbs: options.logProbs === undefined ? undefined : logProbs, timing: watch.read() };
}

async function searchOutput({ writer, loaded, promptTokens, context, print }: OutputTask, options: BeamSearchOptions): Promise<Output> {
  const watch = new Stopwatch(promptTokens);
  const processors = [tickOnceAStep(watch), ...(options.processors ?? [])];
  const [best] = (await beamSearch(writer.decoder, writer.prompt, { ...options, processors, signal: context.signal }))[0]!;
  const stream = new TextStream(loaded.tokenizer, writer.continues ? writer.prompt : []);
  const text = best!.tokens.map((id) => stream.add(id)).join("");
  print(text);
  return { ids: best!.tokens, text, finished: best!.finished, logProbs: undefined, timing: watch.read() };
}

/** Changes nothing; it is called for each beam of a step, whose rows are one longer than before. */
function tickOnceAStep(watch: Stopwatch): LogitsProcessor {
  let longest = 0;
  return (_logits, { ids }) => {
    if (ids.length > longest) watch.tick();
    longest = Math.max(longest, ids.length);
  };
}
