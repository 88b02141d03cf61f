import { checkNames, integer, parseOptions, UsageError } from "@tfblocks/command-line";
import { recipes } from "@tfblocks/zoo";
import { trainedFolder } from "../model/trained-folder.js";
import { experiments, type RecipeExperiment } from "./experiments.js";

interface CommonOptions {
  readonly model: string;
  readonly threads: number | undefined;
  readonly json: boolean;
}

/** The options of a report on a text. */
export interface TextOptions extends CommonOptions {
  readonly text: string;
  /** A second text to compare with. */
  readonly against: string | undefined;
  /** What an encoder-decoder answers; its own output by default. */
  readonly answer: string | undefined;
  readonly out: string;
  /** Whether each head is switched off. */
  readonly ablate: boolean;
}

/** The options of an experiment of a recipe. */
export interface ExperimentOptions extends CommonOptions {
  readonly experiment: RecipeExperiment;
}

/** The options of the command line. */
export type AnalyzeOptions = TextOptions | ExperimentOptions;

const string = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;

const known = {
  model: string,
  text: string,
  against: string,
  answer: string,
  out: string,
  ablate: flag,
  recipe: string,
  threads: string,
  json: flag,
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof parseOptions<typeof known>>["values"];

/**
 * Parses the command line.
 *
 * @returns undefined for --help
 * @throws UsageError for an unknown or missing option, for an invalid value, and for options that exclude each other
 */
export function parseAnalyzeOptions(args: readonly string[]): AnalyzeOptions | undefined {
  const { values, positionals } = parseOptions(args, known);
  if (values.help) return undefined;
  if (positionals.length > 0) throw new UsageError(`unexpected argument ${JSON.stringify(positionals[0])}; write the text after --text`);
  const threads = values.threads === undefined ? undefined : integer("--threads", values.threads, 1, 64);
  const chosen = values.recipe === undefined ? textOptions(values) : experimentOptions(values.recipe, values);
  return { ...chosen, threads, json: values.json };
}

function textOptions({ model, text, against, answer, out = "report.html", ablate }: Values) {
  return {
    model: required("--model", modelFolder, model),
    text: required("--text", "the text to analyse", text),
    against: against === undefined ? undefined : required("--against", "a text to compare with", against),
    answer: answer === undefined ? undefined : required("--answer", "the output to analyse", answer),
    out: required("--out", "a file to write", out),
    ablate,
  };
}

const onlyForTexts = ["text", "against", "answer", "out", "ablate"] as const;

function experimentOptions(recipe: string, values: Values) {
  const excluded = onlyForTexts.find((name) => values[name] !== undefined && values[name] !== false);
  if (excluded !== undefined) throw new UsageError(`--recipe and --${excluded} exclude each other`);
  return { model: required("--model", modelFolder, values.model ?? trainedFolder(recipe)), experiment: chosenExperiment(recipe) };
}

function chosenExperiment(name: string): RecipeExperiment {
  checkNames(
    "recipe",
    [name],
    recipes.map((recipe) => recipe.name),
  );
  const found = experiments.find(({ recipe }) => recipe.name === name);
  if (found !== undefined) return found;
  const names = experiments.map(({ recipe }) => recipe.name).join(", ");
  throw new UsageError(`the recipe ${name} has no experiment; recipes with one: ${names}`);
}

const modelFolder = "a folder with config.json, tokenizer.json and weights";

function required(option: string, expected: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${option} is missing; it must be ${expected}`);
  if (value === "") throw new UsageError(`${option} must be ${expected}, got ""`);
  return value;
}
