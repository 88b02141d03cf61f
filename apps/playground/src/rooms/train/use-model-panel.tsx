import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { ExportMenu } from "../../ui/export-menu.js";
import { FailureLine, NumberField, TextField } from "../../ui/fields.js";
import { formatNumber, visibleToken } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import { saveFile } from "../../ui/save-file.js";
import type { RoomCompute } from "../room.js";
import type { RunState } from "./run-state.js";
import type { TrainView } from "./train-view.js";
import { TrainedModelCalls } from "./trained-model-calls.js";
import { sampleFiles, type Written, writtenFiles } from "./written-files.js";

interface UseModelPanelProps {
  readonly compute: RoomCompute;
  readonly view: TrainView;
  readonly run: RunState;
}

/** What the model of the shown step writes; the model itself, for Explore or to keep. */
export function UseModelPanel({ compute, view, run }: UseModelPanelProps): JSX.Element {
  const record = run.recordAt(view.step.value);
  const step = record?.step ?? 0;
  const { about, title } = run.run.value;
  const calls = new TrainedModelCalls(compute, run.key, step);
  const failure = useSignal<string | undefined>(undefined);
  const save = async (): Promise<void> => {
    const outcome = await calls.zip(`${title.toLowerCase().replace(/\W+/g, "-")}-step-${step}`);
    failure.value = outcome.ok ? undefined : outcome.failure.sentence;
    if (outcome.ok) saveFile(outcome.result.name, outcome.result.content);
  };
  return (
    <Panel
      id="use"
      title={`The model of step ${step}`}
      teaches="The weights of every recorded step are kept in this browser: move the slider to use an earlier model, also while the training goes on."
      question="Go back to before the heads had their labels. What does the model write there?"
    >
      <figure class="sample">
        <figcaption class="hint">With the likeliest token each time, it continues like this:</figcaption>
        <blockquote dir="auto">
          <bdi class="prompt">{about.prompt}</bdi> <strong>{record === undefined ? "…" : shownText(record.sample)}</strong>
        </blockquote>
        {record !== undefined && <ExportMenu what="the sample" files={sampleFiles(run, record.sample)} text={record.sample} />}
      </figure>
      <Generator calls={calls} run={run} step={step} />
      <div class="run-buttons" role="group" aria-label="The model">
        <a class="plain-button strong" href={`#/explore?model=${calls.modelId}`}>
          Look at it in Explore
        </a>
        <button type="button" class="plain-button" onClick={() => void save()}>
          Download as zip
        </button>
      </div>
      <FailureLine id="files-failure" sentence={failure.value} />
      <p class="hint">
        The zip holds config.json, model.safetensors and tokenizer.json: “Your model” opens it again, and so does transformers from the
        unpacked folder.
      </p>
    </Panel>
  );
}

const [mostTokens, highestTemperature] = [120, 2];

interface GeneratorProps {
  readonly calls: TrainedModelCalls;
  readonly run: RunState;
  readonly step: number;
}

/** Continues a prompt of the reader. */
function Generator({ calls, run, step }: GeneratorProps): JSX.Element {
  const prompt = useSignal(run.run.value.about.prompt);
  const settings = useSignal({ temperature: 0, maxTokens: 24, seed: 0 });
  const isBusy = useSignal(false);
  const written = useSignal<Written | undefined>(undefined);
  const failure = useSignal<string | undefined>(undefined);
  const generate = async (): Promise<void> => {
    isBusy.value = true;
    const asked = { prompt: prompt.value, ...settings.value };
    const outcome = await calls.generate(asked);
    isBusy.value = false;
    written.value = outcome.ok ? { ...asked, step, ...outcome.result } : undefined;
    failure.value = outcome.ok ? undefined : outcome.failure.sentence;
  };
  const { temperature, maxTokens, seed } = settings.value;
  return (
    <>
      <TextField id="prompt" label="Your prompt" value={prompt.value} failure={failure.value} onChange={(text) => (prompt.value = text)} />
      <label class="slider-field">
        <span>
          Temperature <strong>{formatNumber(temperature)}</strong> {temperature === 0 ? "always the likeliest token" : "tokens are drawn"}
        </span>
        <input
          type="range"
          min={0}
          max={highestTemperature}
          step={0.1}
          value={temperature}
          onInput={(event) => (settings.value = { ...settings.value, temperature: Number(event.currentTarget.value) })}
        />
      </label>
      <div class="field-row">
        <NumberField
          label="Tokens, at most"
          value={maxTokens}
          min={1}
          max={mostTokens}
          onChange={(value) => (settings.value = { ...settings.value, maxTokens: value })}
        />
        <NumberField
          label="Seed of the draws"
          value={seed}
          min={0}
          max={999_999}
          disabled={temperature === 0}
          onChange={(value) => (settings.value = { ...settings.value, seed: value })}
        />
      </div>
      <div class="run-buttons">
        <button type="button" class="plain-button" disabled={isBusy.value} onClick={() => void generate()}>
          {isBusy.value ? "Generating …" : "Generate"}
        </button>
      </div>
      {written.value !== undefined && <UnknownTokens count={written.value.unknownTokens} />}
      <output class="written" for="prompt" dir="auto">
        {written.value === undefined ? "" : written.value.text || "(nothing: the model stopped at once)"}
      </output>
      {written.value !== undefined && <ExportMenu what="the text" files={writtenFiles(run, written.value)} text={written.value.text} />}
    </>
  );
}

function UnknownTokens({ count }: { readonly count: number }): JSX.Element | null {
  if (count === 0) return null;
  const [tokens, them] = count === 1 ? ["1 token of the prompt is", "it"] : [`${count} tokens of the prompt are`, "them"];
  return (
    <p class="hint" role="status">
      {tokens} not in the vocabulary; the model reads {them} as one token for all unknown ones.
    </p>
  );
}

/** A text of which nothing is invisible. */
function shownText(text: string): string {
  return text.trim() === "" ? Array.from(text, visibleToken).join("") || "(nothing: the model stopped at once)" : text;
}
