import { memory } from "@tensorflow/tfjs-core";
import { describeModel } from "../models/describe-model.js";
import { readTokenizer } from "../models/hugging-face-tokenizer.js";
import type { ModelChoice } from "../models/model-choice.js";
import type { ModelId } from "../models/model-id.js";
import type { HeadPlace } from "../models/model-info.js";
import type { OpenModel } from "../models/opened-model.js";
import type { RunAbout, RunRecord, StepRecord } from "./run-record.js";
import { openRunStore } from "./run-store.js";
import { type TrainedModel, trainedModel } from "./trained-model.js";

/** The model of the last recorded step of each run, the newest run first. */
export async function list(): Promise<readonly ModelChoice[]> {
  const store = await openRunStore();
  const choices: ModelChoice[] = [];
  for (const run of await store.runs()) {
    const step = await store.lastStep(run.key);
    if (step !== undefined) choices.unshift({ id: runModelId(run.key, step), title: titleOf(run, step), group: "run" });
  }
  return choices;
}

/** Opens the model of a recorded step. @throws Error with a sentence for the reader when the run or its step is not there */
export async function open(id: ModelId): Promise<OpenModel> {
  const [, key = "", step = ""] = /^run-(\w+)-(\d+)$/.exec(id) ?? [];
  const before = memory().numTensors;
  const trained = await trainedModel(key, Number(step));
  const held = memory().numTensors - before;
  const record = await (await openRunStore()).record(key, Number(step));
  return openedModel(id, trained, record, held);
}

function openedModel(id: ModelId, { run, step, plan, model }: TrainedModel, record: StepRecord | undefined, held: number): OpenModel {
  const { text, answer } = plan.probe;
  const info = describeModel(model, {
    id,
    title: titleOf(run, step),
    summary: `${plan.teaches} Trained in this page, ${step} of ${run.settings.steps} steps.`,
    family: plan.pretrained(model).family,
    examples: [
      {
        text,
        ...(answer !== undefined && { answer }),
        note: "The text on which the training shows its maps; the model is not trained on it.",
      },
    ],
    firstHead: firstHead(run.about, record),
  });
  const tokenizer = readTokenizer(JSON.stringify(plan.tokenizerJson), info.vocabSize);
  return { info, model, tokenizer, startToken: 0, held, close: () => model.dispose() };
}

function runModelId(key: string, step: number): ModelId {
  return `run-${key}-${step}`;
}

function titleOf({ title, settings }: RunRecord, step: number): string {
  return `${title}, trained here: seed ${settings.seed}, step ${step}`;
}

/** An induction head, if there is one; otherwise the first head of the last attention. */
function firstHead({ attentions }: RunAbout, record: StepRecord | undefined): HeadPlace {
  const { kind, layer } = attentions.at(-1)!;
  const found = attentions.flatMap((attention, at) =>
    (record?.attentions[at]?.heads ?? [])
      .filter(({ labels }) => labels.some(({ label }) => label === "induction"))
      .map(({ head }) => ({ kind: attention.kind, layer: attention.layer, head })),
  );
  return found[0] ?? { kind, layer, head: 0 };
}
