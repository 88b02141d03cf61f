import { modelConfig, modelFiles } from "@tfblocks/transformer/hugging-face";
import type { ZooModel } from "@tfblocks/zoo";
import type { RunRecord } from "./run-record.js";
import { openRunStore } from "./run-store.js";
import { planFor } from "./runs.js";
import type { TrainingPlan } from "./training-plan.js";
import { modelWith } from "./weights-of.js";

/** A model as it was after a step of a run. */
export interface TrainedModel {
  readonly run: RunRecord;
  readonly step: number;
  readonly plan: TrainingPlan;
  /** The caller owns it. */
  readonly model: ZooModel;
}

/** Builds the model of a recorded step. @throws Error with a sentence for the reader when the run or its step is not there */
export async function trainedModel(key: string, step: number): Promise<TrainedModel> {
  const store = await openRunStore();
  const [run, weights] = [await store.run(key), await store.weights(key, step)];
  if (run === undefined) throw new Error("This training is no longer there. Please train it again, or open a zip of it");
  if (weights === undefined) throw new Error(`The weights of step ${step} are not there. Choose another step`);
  const plan = await planFor(run);
  return { run, step, plan, model: modelWith(plan, weights) };
}

/** The files of a Hugging Face folder by name, which transformers and this page open. */
export function filesOf({ plan, model }: Pick<TrainedModel, "plan" | "model">): Readonly<Record<string, string | Uint8Array>> {
  const pretrained = plan.pretrained(model);
  const files = modelFiles(pretrained);
  const config = { ...modelConfig(pretrained.family, pretrained.sizes), bos_token_id: null, eos_token_id: plan.stopToken ?? null };
  const tokenizerConfig = { tokenizer_class: "PreTrainedTokenizerFast", clean_up_tokenization_spaces: false };
  return {
    "config.json": json(config),
    "model.safetensors": files["model.safetensors"],
    "tokenizer.json": json(plan.tokenizerJson),
    "tokenizer_config.json": json(tokenizerConfig),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
