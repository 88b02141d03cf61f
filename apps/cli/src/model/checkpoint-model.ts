import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { dispose } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import { loadCheckpointModel } from "@tfblocks/training";
import type { SafetensorsReader } from "@tfblocks/weights";
import { openSafetensorsFile } from "@tfblocks/weights/node";
import { type Recipe, recipes } from "@tfblocks/zoo";
import { CommandError } from "@tfblocks/command-line";
import { parseRun, runKey } from "../train/checkpoint-file.js";
import type { ModelFolder } from "./model-folder.js";

const trainingKey = "tfblocks.training";

/**
 * Loads the model of a checkpoint that the train command saved, with the tokenizer of its recipe.
 *
 * @param path a `.safetensors` file, or a folder
 * @returns undefined if the file is no checkpoint, or the folder holds a finished model or no checkpoint
 * @throws CommandError if the checkpoint is not one of the train command, or of an unknown recipe
 */
export async function loadCheckpointFolder(path: string, signal: AbortSignal): Promise<ModelFolder | undefined> {
  const file = await checkpointAt(path);
  if (file === undefined) return undefined;
  const reader = await openSafetensorsFile(file, { signal });
  try {
    return trainingKey in reader.metadata ? await readModel(reader, recipeOf(file, reader.metadata[runKey])) : undefined;
  } finally {
    await reader.close();
  }
}

/** The file that may be a checkpoint; undefined if there is none. */
async function checkpointAt(path: string): Promise<string | undefined> {
  if (/^https?:/i.test(path)) return undefined;
  if (path.endsWith(".safetensors")) return path;
  const names = await readdir(path).catch((): string[] => []); // not a folder: the caller says so
  const isFinished = names.some((name) => name.startsWith("model.safetensors"));
  return names.includes("checkpoint.safetensors") && !isFinished ? join(path, "checkpoint.safetensors") : undefined;
}

function recipeOf(file: string, run: string | undefined): Recipe {
  const name = parseRun(run)?.settings.recipe;
  const recipe = recipes.find((each) => each.name === name);
  if (recipe !== undefined) return recipe;
  throw new CommandError(
    `--model must be a checkpoint of npm run train, or a Hugging Face folder; ${file} is a checkpoint of another program`,
  );
}

async function readModel(reader: SafetensorsReader, recipe: Recipe): Promise<ModelFolder> {
  const model = recipe.build(new Random(0));
  try {
    const state = await reader.readAll({ names: reader.names.filter((name) => name.startsWith("model.")) });
    try {
      loadCheckpointModel(model, { state, metadata: reader.metadata });
    } finally {
      dispose(state);
    }
    const generationConfig = recipe.stopToken === undefined ? {} : { eos_token_id: recipe.stopToken };
    return {
      pretrained: recipe.pretrained(model),
      tokenizer: loadTokenizer(JSON.stringify(recipe.tokenizer)),
      generationConfig,
      files: undefined,
      startToken: 0,
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
