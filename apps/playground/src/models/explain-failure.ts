import { ArgumentError, DTypeError, StateDictError, ValueError } from "@tfblocks/tensor-utils";
import { families } from "@tfblocks/transformer/models";
import { SafetensorsError } from "@tfblocks/weights";
import { isShortOfMemory } from "../compute/outcome.js";

/** What went wrong with a model, in words for the reader. */
export class ModelFailure extends Error {}

/** @throws ModelFailure with a sentence for the reader */
export function refuseModel(sentence: string): never {
  throw new ModelFailure(sentence);
}

/** The error of loading a model as a failure in words for the reader; an error that already is one stays. */
export function explainFailure(error: unknown): Error {
  if (!(error instanceof Error) || error instanceof ModelFailure) return error as Error;
  const sentence = sentenceFor(error);
  return sentence === undefined ? error : new ModelFailure(sentence, { cause: error });
}

const outOfMemory = "The memory of this page is not enough for the model. Close other tabs, or choose a smaller model.";

function sentenceFor(error: Error): string | undefined {
  if (isShortOfMemory(error)) return outOfMemory;
  if (error instanceof StateDictError) return `The weights are not those of the model in config.json: ${differencesIn(error)}.`;
  if (error instanceof SafetensorsError) return weightsSentence(error);
  if (error instanceof DTypeError) return typeSentence(error.received);
  if (error instanceof ValueError && error.argument.startsWith("config")) return configSentence(error);
  if (error instanceof ArgumentError && Object.hasOwn(families, error.operation)) return sizesSentence(error);
  return undefined;
}

function weightsSentence({ kind, received }: SafetensorsError): string {
  if (kind === "source") return `A file of the model cannot be read: ${received.replace(/^Error: /, "")}. Please choose the files again.`;
  if (kind === "index") return "The parts of the weights do not fit together. Please choose or download all of them again.";
  if (kind === "dtype") return typeSentence(received);
  if (kind === "limit") return outOfMemory;
  const isCut = kind === "truncated" || kind === "layout";
  return `The file of the weights is ${isCut ? "incomplete" : "damaged, or is no safetensors file"}. Please download it again.`;
}

function typeSentence(type: string): string {
  return `The weights have numbers of the type ${type}, so they are quantised. This page reads float32, float16, bfloat16 and float64.`;
}

function otherModel(sizes: string): string {
  return `config.json and the weights belong to different models: no tensor has ${inWords(sizes).replaceAll(" = ", " ")}.`;
}

function sizesSentence({ argument, expected, received }: ArgumentError): string {
  return `config.json does not describe a model: ${inWords(argument)} must be ${inWords(expected)}, and is ${received}.`;
}

function configSentence({ argument, expected, received }: ValueError): string {
  if (argument === "config.json") return `config.json cannot be read: ${received}.`;
  if (argument === "config.model_type") return `Models of the type “${received}” cannot be opened. These can: ${familyNames().join(", ")}.`;
  const field = argument.replace(/^config\.?/, "");
  if (field === "") return otherModel(received);
  return `The page does not compute what config.json asks for: ${field} must be ${expected}, and is ${received}.`;
}

/** Sizes by their names in the library, as the page calls them. */
const sizeWords: Readonly<Record<string, string>> = {
  dModel: "the vector size",
  hiddenDim: "the size of the hidden layer",
  vocabSize: "the size of the vocabulary",
  maxLength: "the number of positions",
  numPositions: "the number of positions",
  numLayers: "the number of layers",
  numHeads: "the number of heads",
  numKvHeads: "the number of heads of keys",
  headDim: "the size of a head",
};

function inWords(sentence: string): string {
  return sentence.replaceAll(/\b[a-z]+[A-Z]\w*/g, (name) => sizeWords[name] ?? name);
}

function differencesIn({ missing, unexpected, misshapen }: StateDictError): string {
  const differences = [
    [missing, "missing"],
    [unexpected, "too many"],
    [misshapen, "of another size"],
  ] as const;
  return differences
    .filter(([tensors]) => tensors.length > 0)
    .map(([tensors, what]) => `${tensors.length} ${what} (${listOf(tensors)})`)
    .join(", ");
}

const mostListed = 3;

function listOf(names: readonly string[]): string {
  return [...names.slice(0, mostListed), ...(names.length > mostListed ? ["…"] : [])].join(", ");
}

/** The `model_type` of every family that can be opened. */
export function familyNames(): string[] {
  return Object.values(families).map(({ modelType }) => modelType);
}
