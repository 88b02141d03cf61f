import { join } from "node:path";
import { modelConfig, modelFiles } from "@tfblocks/transformer/hugging-face";
import { replaceFile } from "@tfblocks/weights/node";
import type { Metric, Recipe, ZooModel } from "@tfblocks/zoo";
import type { LossPoint } from "./loss-log.js";

/** The content of `training-log.json`. It depends only on recipe, seed and steps, so that the same training writes the same bytes. */
export interface TrainingLog {
  readonly recipe: string;
  readonly title: string;
  readonly teaches: string;
  readonly seed: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly parameters: number;
  readonly losses: readonly LossPoint[];
  readonly metrics: readonly Metric[];
}

/** Writes a trained model and its log as a Hugging Face folder. */
export async function saveModel(folder: string, recipe: Recipe, model: ZooModel, log: TrainingLog): Promise<void> {
  const pretrained = recipe.pretrained(model);
  const files = modelFiles(pretrained);
  const config = { ...modelConfig(pretrained.family, pretrained.sizes), bos_token_id: null, eos_token_id: recipe.stopToken ?? null };
  const write = (name: string, content: string | Uint8Array) => replaceFile(join(folder, name), (file) => file.writeFile(content));
  await write("model.safetensors", files["model.safetensors"]);
  await write("config.json", json(config));
  await write("tokenizer.json", json(recipe.tokenizer));
  await write("training-log.json", json(log));
}

/** Indented JSON with pairs of numbers on one line. */
function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(/\[\s+([\d.]+),\s+([\d.]+)\s+\]/g, "[$1, $2]")}\n`;
}
