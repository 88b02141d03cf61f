import { CommandError, fixed, runCommand } from "@tfblocks/command-line";
import { tokenize } from "@tfblocks/lesson";
import { ArgumentError } from "@tfblocks/tensor-utils";
import { setupWasm, type WasmInfo } from "@tfblocks/wasm";
import type { DemoContext } from "./demo-context.js";
import { tokenList } from "./format.js";
import { chooseInk } from "./ink.js";
import { type DemoOptions, parseDemoOptions } from "./options.js";
import { heading, type Page, paragraph } from "./page.js";
import type { Part } from "./part.js";
import { allParts } from "./parts.js";
import { printChecks, summarize } from "./print-checks.js";
import { type Progress, startProgress } from "./progress.js";
import { readText } from "./read-text.js";
import { type DemoData, collectReports, type NamedReport, toJson } from "./to-json.js";
import { defaultText, usage } from "./usage.js";

/**
 * Runs the demo.
 *
 * @returns the exit code: 0 if all checks pass, 1 if a check fails or the text cannot be used, 2 for invalid options
 */
export async function demo(
  args: readonly string[],
  context: DemoContext,
  parts: Readonly<Record<string, Part>> = allParts,
): Promise<number> {
  return runCommand("demo", context, async () => {
    const options = parseDemoOptions(args, Object.keys(parts));
    if (!options.help) return explain(options, context, parts);
    context.stdout.write(usage);
    return 0;
  });
}

async function explain(options: DemoOptions, context: DemoContext, parts: Readonly<Record<string, Part>>): Promise<number> {
  const progress = startProgress(context.stderr);
  const input = await readInput(options, context, progress);
  const info = await setupWasm();
  const print = options.json ? () => {} : printer(context, input, options, info);
  const reports: NamedReport[] = [];
  for (const name of options.parts) {
    const report = await runPart(name, parts[name]!, options, input, progress);
    reports.push(report);
    print(report, reports.length);
  }
  const data = collectReports(input, options.settings, info, reports);
  context.stdout.write(options.json ? toJson(data) : `\n${summarize(data.checks)}\n`);
  return data.ok ? 0 : 1;
}

type Input = Pick<DemoData, "text" | "tokens" | "otherText" | "otherTokens">;

async function readInput({ text: given, otherText }: DemoOptions, { stdin }: DemoContext, progress: Progress): Promise<Input> {
  const piped = given === undefined && stdin !== undefined ? await readText(stdin, progress.show) : undefined;
  progress.clear();
  const text = given ?? piped ?? defaultText;
  return { text, tokens: tokensOf("the input", text), otherText, otherTokens: tokensOf("--with", otherText) };
}

/** The tokens of a text. @throws CommandError that names the source of the text */
function tokensOf(source: string, text: string): string[] {
  try {
    return tokenize(text);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new CommandError(`${source} must be ${error.expected}, got ${error.received}`, { cause: error });
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
  const report = await part.run({ tokens, otherTokens, settings, progress: progress.show });
  progress.clear();
  return { name, title: part.title, report, milliseconds: performance.now() - start };
}

type Print = (report: NamedReport, number: number) => void;

/** Prints the introduction now, and returns a function that prints a report. */
function printer({ stdout, env }: DemoContext, input: Input, options: DemoOptions, info: WasmInfo): Print {
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
  const model = `dModel ${dModel} = ${count(numHeads, "head")} × ${dModel / numHeads}; random weights and embeddings (seed ${seed}), untrained`;
  return [
    page.ink.bold("Multi-head attention, explained with your text"),
    "",
    ...paragraph(page, `${count(tokens.length, "token")}: ${tokenList(tokens)}`, { indent: 2, hang: 2 }),
    ...paragraph(page, `model: ${model}`, { indent: 2, hang: 2 }),
    ...paragraph(page, `backend: ${describeBackend(info)}`, { indent: 2, hang: 2 }),
  ];
}

function describeBackend({ kernels, relaxedSimd, threads, refusals }: WasmInfo): string {
  const features = [kernels === "off" ? "its own kernels" : "tfblocks kernels", ...(relaxedSimd ? ["fused multiply-add"] : [])];
  return [`TensorFlow.js on WASM, ${features.join(", ")}, ${count(threads.got, "thread")}`, ...refusals].join("; ");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
