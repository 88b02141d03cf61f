import { memory } from "@tensorflow/tfjs-core";
import { MultiHeadAttention } from "@tfblocks/attention";
import { EncoderDecoder, type LanguageModel, TransformerLayer, type TransformerStack } from "@tfblocks/transformer";
import { loadModel } from "@tfblocks/transformer/hugging-face";
import type { Tokenizer } from "@tfblocks/text";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import { openSafetensors } from "@tfblocks/weights";
import { recipes } from "@tfblocks/zoo";
import type { ModelInfo, ModelPart, ModelPartName } from "./model-info.js";

type ReadTokenizer = Pick<Tokenizer, "encode" | "decode" | "tokens">;

/** A model in the memory of the worker; the caller closes it. */
export interface OpenModel {
  readonly info: ModelInfo;
  readonly model: LanguageModel | EncoderDecoder;
  readonly tokenizer: ReadTokenizer;
  /** Number of tensors of the model. */
  readonly held: number;
  close(): void;
}

/** A model that is already in memory. */
export interface ModelContents {
  readonly name: string;
  readonly model: LanguageModel | EncoderDecoder;
  readonly tokenizer: ReadTokenizer;
  readonly held: number;
}

/** Fetches the files of a model and opens it. @throws Error if a file is missing or cannot be read; no tensor is left */
export async function fetchModel(name: string, modelsUrl: string): Promise<OpenModel> {
  const file = (each: string): URL => new URL(`${encodeURIComponent(name)}/${each}`, modelsUrl);
  const [config, vocabulary, weights] = await Promise.all([
    fetched(file("config.json")).then(readJson),
    fetched(file("tokenizer.json")).then((response) => response.text()),
    fetched(file("model.safetensors")).then((response) => response.arrayBuffer()),
  ]);
  const tokenizer = recipeNamed(name)?.tokenizer ?? loadTokenizer(vocabulary);
  const before = memory().numTensors;
  const { model } = await loadModel({ config, weights: await openSafetensors(weights) });
  return describeModel({ name, model, tokenizer, held: memory().numTensors - before });
}

/** Adds the properties that the page uses to a model. */
export function describeModel({ name, model, tokenizer, held }: ModelContents): OpenModel {
  const recipe = recipeNamed(name);
  const info = {
    name,
    title: recipe?.title ?? name,
    teaches: recipe?.teaches ?? "A model without a description.",
    parts: partsOf(model),
    dModel: model.input.tokenEmbedding.dModel,
    probe: recipe?.probe,
  };
  return { info, model, tokenizer, held, close: () => model.dispose() };
}

/** The layers that contain a kind of attention. */
export function stackOf(model: LanguageModel | EncoderDecoder, part: ModelPartName): TransformerStack {
  if (!(model instanceof EncoderDecoder)) return model.stack;
  return part === "encoder" ? model.encoder : model.decoder;
}

function partsOf(model: LanguageModel | EncoderDecoder): ModelPart[] {
  const names: readonly ModelPartName[] = model instanceof EncoderDecoder ? ["encoder", "decoder", "cross"] : ["self"];
  return names.map((part) => {
    const { layers } = stackOf(model, part);
    const attention = layers[0] instanceof TransformerLayer ? layers[0].attention : undefined;
    return { part, layers: layers.length, heads: attention instanceof MultiHeadAttention ? attention.numHeads : 0 };
  });
}

function recipeNamed(name: string): (typeof recipes)[number] | undefined {
  return recipes.find((recipe) => recipe.name === name);
}

async function fetched(url: URL): Promise<Response> {
  const response = await fetch(url).catch(() => undefined);
  if (response?.ok) return response;
  throw new Error(`The model file ${nameOf(url)} could not be fetched (${response?.status ?? "no connection"})`);
}

/** @throws Error if the response is not JSON, for example if the server answers a missing file with a page */
async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new Error(`The model file ${nameOf(new URL(response.url))} is not JSON`);
  }
}

function nameOf({ pathname }: URL): string {
  return pathname.split("/").slice(-2).join("/");
}
