import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { FailureLine, TextField } from "../../ui/fields.js";
import { Panel } from "../../ui/panel.js";
import type { TrainingOrder } from "./session-event.js";
import type { TrainingState } from "./training-state.js";
import { zip } from "./zip.js";

interface UsePanelProps {
  readonly state: TrainingState;
  readonly order: TrainingOrder;
}

/** Lets the model write, and hands out its files. */
export function UsePanel({ state, order }: UsePanelProps): JSX.Element {
  const recipe = state.recipes.value.find(({ name }) => name === order.recipe);
  const prompt = useSignal(firstHalf(recipe?.prompt ?? ""));
  const { value: written } = state.written;
  return (
    <Panel
      id="use"
      title="Let it write"
      teaches="The model as it is at this moment goes on from a prompt, or answers it, always with its likeliest token; it can do so while it learns."
      question="Write a prompt that no example could contain. What does the model make of it?"
    >
      <TextField
        id="prompt"
        label="Prompt"
        value={prompt.value}
        failure={state.failureOf("prompt")}
        onChange={(value) => (prompt.value = value)}
      />
      <div class="run-buttons">
        <button type="button" class="plain-button" disabled={state.writing.value} onClick={() => void state.write(prompt.value)}>
          Write
        </button>
      </div>
      <output class="written" for="prompt">
        {written === undefined ? "" : written === "" ? "(nothing: it stopped at once)" : written}
      </output>
      <div class="run-buttons" role="group" aria-label="Files of the model">
        <button type="button" class="plain-button" onClick={() => void download(state, order.recipe)}>
          Download the model
        </button>
      </div>
      <FailureLine id="files-failure" sentence={state.failureOf("files")} />
      <p class="hint">
        A zip of one folder with three files, as Hugging Face has them: config.json, model.safetensors and tokenizer.json. Unpacked in
        public/models, the attention room finds it.
      </p>
    </Panel>
  );
}

/** A question is kept whole; of a text that could go on, the model is left the second half. */
function firstHalf(text: string): string {
  if (text.endsWith("=")) return text;
  const words = text.split(" ");
  if (words.length > 1) return words.slice(0, Math.ceil(words.length / 2)).join(" ");
  return text.slice(0, Math.ceil(text.length * 0.7));
}

async function download(state: TrainingState, recipe: string): Promise<void> {
  const files = await state.files();
  if (files === undefined) return;
  save(`${recipe}.zip`, zip(Object.fromEntries(Object.entries(files).map(([name, content]) => [`${recipe}/${name}`, content]))));
}

function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
