import { tokenize } from "@tfblocks/lesson";
import { ArgumentError } from "@tfblocks/tensor-utils";
import { setupWasm, type WasmInfo } from "@tfblocks/wasm";
import { fixed, tokenList } from "./format.js";
import { chooseInk } from "./ink.js";
import { type DemoOptions, parseOptions, UsageError } from "./options.js";
import { heading, type Page, paragraph } from "./page.js";
import type { Part } from "./part.js";
import { allParts } from "./parts.js";
import { printChecks, summarize } from "./print-checks.js";
import { type Progress, startProgress } from "./progress.js";
import { readText } from "./read-text.js";
import type { Surroundings } from "./streams.js";
import { type DemoData, gather, type NamedReport, toJson } from "./to-json.js";
import { defaultText, usage } from "./usage.js";

const wrongUse = 2;

/** A text cannot be used; the message is one sentence. */
class TextError extends Error {}

/**
 * Runs the demonstration.
 *
 * @returns the exit code: 0 when all checks hold, 1 when one failed or the text cannot be used, 2 for wrong options
 */
export async function demo(
  args: readonly string[],
  around: Surroundings,
  parts: Readonly<Record<string, Part>> = allParts,
): Promise<number> {
  try {
    const options = parseOptions(args, Object.keys(parts));
    if (!options.help) return await explain(options, around, parts);
    around.stdout.write(usage);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof TextError)) throw error;
    const advice = error instanceof UsageError ? "; --help lists the options" : "";
    around.stderr.write(`demo: ${error.message}${advice}\n`);
    return error instanceof UsageError ? wrongUse : 1;
  }
}

async function explain(options: DemoOptions, around: Surroundings, parts: Readonly<Record<string, Part>>): Promise<number> {
  const progress = startProgress(around.stderr);
  const input = await readInput(options, around, progress);
  const info = await setupWasm();
  const print = options.json ? () => {} : printer(around, input, options, info);
  const reports: NamedReport[] = [];
  for (const name of options.parts) {
    const report = await runPart(name, parts[name]!, options, input, progress);
    reports.push(report);
    print(report, reports.length);
  }
  const data = gather(input, options.settings, info, reports);
  around.stdout.write(options.json ? toJson(data) : `\n${summarize(data.checks)}\n`);
  return data.ok ? 0 : 1;
}

type Input = Pick<DemoData, "text" | "tokens" | "otherText" | "otherTokens">;

async function readInput({ text: given, otherText }: DemoOptions, { stdin }: Surroundings, progress: Progress): Promise<Input> {
  const piped = given === undefined && stdin !== undefined ? await readText(stdin, progress.say) : undefined;
  progress.clear();
  const text = given ?? piped ?? defaultText;
  return { text, tokens: tokensOf("the text", text), otherText, otherTokens: tokensOf("--with", otherText) };
}

/** The tokens of a text, or an error that names where it came from. */
function tokensOf(source: string, text: string): string[] {
  try {
    return tokenize(text);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new TextError(`${source} must be ${error.expected}, got ${error.received}`, { cause: error });
  }
}

async function runPart(
  name: string,
  part: Part,
  { settings }: DemoOptions,
  { tokens, otherTokens }: Input,
  progress: Progress,
): Promise<NamedReport> {
  const start = performance.now();
  const report = await part.run({ tokens, otherTokens, settings, progress: progress.say });
  progress.clear();
  return { name, title: part.title, report, milliseconds: performance.now() - start };
}

type Print = (report: NamedReport, number: number) => void;

/** Writes the head of the page at once, and each report as it comes. */
function printer({ stdout, env }: Surroundings, input: Input, options: DemoOptions, info: WasmInfo): Print {
  const page: Page = { columns: stdout.columns ?? (Number(env.COLUMNS) || 80), ink: chooseInk(stdout, env) };
  const write = (lines: readonly string[]) => stdout.write(`${lines.join("\n").replaceAll("\u00a0", " ")}\n`);
  write(introduction(page, input, options, info));
  return ({ title, report, milliseconds }, number) => {
    const chapter = [...heading(page, `${number}. ${title}`), ...report.print(page), ...printChecks(page, report.checks)];
    write([...chapter, page.ink.faint(`  (${fixed(milliseconds / 1000, 1)} s)`)]);
  };
}

function introduction(page: Page, { tokens }: Input, { settings }: DemoOptions, info: WasmInfo): string[] {
  const { dModel, numHeads, seed } = settings;
  const model = `dModel ${dModel} = ${count(numHeads, "head")} × ${dModel / numHeads}; random weights and embeddings from seed ${seed}, untrained`;
  return [
    page.ink.bold("Multi-head attention, explained with your text"),
    "",
    ...paragraph(page, `${count(tokens.length, "token")}: ${tokenList(tokens)}`, { indent: 2, hang: 2 }),
    ...paragraph(page, `model: ${model}`, { indent: 2, hang: 2 }),
    ...paragraph(page, `backend: ${describeBackend(info)}`, { indent: 2, hang: 2 }),
  ];
}

function describeBackend({ kernels, relaxedSimd, threads, refusals }: WasmInfo): string {
  const made = [kernels === "off" ? "its own kernels" : "tfblocks kernels", ...(relaxedSimd ? ["fused multiply-add"] : [])];
  return [`TensorFlow.js on WASM, ${made.join(", ")}, ${count(threads.got, "thread")}`, ...refusals].join("; ");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
