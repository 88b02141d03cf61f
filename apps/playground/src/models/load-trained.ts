import { memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { loadFolder } from "@tfblocks/transformer/hugging-face";
import { families } from "@tfblocks/transformer/models";
import { type Recipe, recipes, type ZooModel } from "@tfblocks/zoo";
import { describeModel } from "./describe-model.js";
import { refuseModel } from "./explain-failure.js";
import { loadOwn } from "./load-own.js";
import type { ModelId } from "./model-id.js";
import type { ModelInfo } from "./model-info.js";
import type { OpenModel } from "./opened-model.js";
import { trainedModels } from "./trained-models.js";
import { wordModelTokenizer } from "./word-model-tokenizer.js";

const fileNames = ["config.json", "tokenizer.json", "model.safetensors"] as const;

/** Fetches a trained model of the page. @throws Error when a file is missing or cannot be read; no tensor is left */
export async function loadTrained(name: string, modelsUrl: string, signal: AbortSignal): Promise<OpenModel> {
  const files = new Map<string, Blob>();
  for (const file of fileNames) files.set(file, await fetchFile(new URL(`${encodeURIComponent(name)}/${file}`, modelsUrl), signal));
  const recipe = recipeNamed(name);
  if (recipe === undefined) return loadOwn({ id: name, title: name, files }, { signal });
  const before = memory().numTensors;
  const { model } = await loadFolder(files, { signal });
  return openedRecipe(recipe, model, { id: name, title: recipe.title, held: memory().numTensors - before });
}

/** A model of the page with the weights that its training started from. @throws Error when there is none of this name */
export function buildUntrained(name: string): OpenModel {
  const recipe = recipeNamed(name);
  if (recipe === undefined) refuseModel(unknownName(name));
  const before = memory().numTensors;
  const model = recipe.build(new Random(0).split(recipe.name));
  const opened = openedRecipe(recipe, model, {
    id: `untrained-${name}`,
    title: untrainedTitle(recipe),
    held: memory().numTensors - before,
  });
  return { ...opened, info: untrained(opened.info) };
}

function unknownName(name: string): string {
  return `There is no model named “${name}” in this page. Please choose another one.`;
}

/** The name of a model before training. */
export function untrainedTitle({ title }: Pick<Recipe, "title">): string {
  return `${title}, before training`;
}

const noHeadYet = "The weights are the first, random ones, so no head does anything in particular yet: compare with the trained model.";

function untrained(info: ModelInfo): ModelInfo {
  const [first, ...others] = info.examples.map((example) => ({ ...example, note: noHeadYet }));
  return {
    ...info,
    summary: "The same model before its training, with its first, random weights: what does training change?",
    examples: [first!, ...others],
  };
}

/** The model of a recipe as an open model. @param held its number of tensors */
export function openedRecipe(
  recipe: Recipe,
  model: ZooModel,
  { id, title, held }: { readonly id: ModelId; readonly title: string; readonly held: number },
): OpenModel {
  const { family } = recipe.pretrained(model);
  const known = trainedModels[recipe.name];
  if (known === undefined) throw new Error(`The model “${recipe.name}” has no description`);
  const info = describeModel(model, { id, title, family: families[family].modelType, ...known });
  return { info, model, tokenizer: wordModelTokenizer(recipe.tokenizer), startToken: 0, held, close: () => model.dispose() };
}

function recipeNamed(name: string): Recipe | undefined {
  return recipes.find((recipe) => recipe.name === name);
}

async function fetchFile(url: URL, signal: AbortSignal): Promise<Blob> {
  const file = url.pathname.split("/").slice(-2).join("/");
  const response = await fetch(url, { signal }).catch(() => undefined);
  signal.throwIfAborted();
  if (response?.ok) return response.blob();
  if (response?.status === 404 && file.endsWith("config.json")) refuseModel(unknownName(decodeURIComponent(file.split("/")[0]!)));
  throw new Error(
    `The model file ${file} could not be fetched (${response?.status ?? "no connection"}). Check the connection and try again.`,
  );
}
