import { join } from "node:path";
import { modelConfig, modelFiles, type Pretrained } from "@tfblocks/transformer/hugging-face";
import type { Metric, Recipe, ZooModel } from "@tfblocks/zoo";
import { writeSafely } from "../command/write-safely.js";
import type { LossPoint } from "./loss-log.js";

/** What is told of a training, beside its model. */
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
  readonly seconds: number;
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** Writes a trained model as a Hugging Face folder with its training log. */
export async function saveModel(folder: string, recipe: Recipe, model: ZooModel, log: TrainingLog): Promise<void> {
  const { name: architecture, sizes } = recipe.architecture;
  const files = modelFiles({ architecture, sizes, model } as Pretrained);
  const config = { ...modelConfig(architecture, sizes), bos_token_id: null, eos_token_id: recipe.stopToken ?? null };
  await writeSafely(join(folder, "model.safetensors"), files["model.safetensors"]);
  await writeSafely(join(folder, "config.json"), json(config));
  await writeSafely(join(folder, "tokenizer.json"), json(recipe.tokenizer));
  await writeSafely(join(folder, "training-log.json"), json(log));
}

/** Indented, but for pairs of numbers. */
function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(/\[\s+([\d.]+),\s+([\d.]+)\s+\]/g, "[$1, $2]")}\n`;
}
