import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { FailureLine, TextField } from "../../ui/fields.js";
import { Panel } from "../../ui/panel.js";
import type { TrainingOrder } from "./session-event.js";
import type { TrainingState } from "./training-state.js";
import { zip } from "./zip.js";

interface GenerationPanelProps {
  readonly state: TrainingState;
  readonly order: TrainingOrder;
}

/** Generates text with the model, and downloads its files. */
export function GenerationPanel({ state, order }: GenerationPanelProps): JSX.Element {
  const recipe = state.recipes.value.find(({ name }) => name === order.recipe);
  const prompt = useSignal(firstPart(recipe?.prompt ?? ""));
  const { value: completion } = state.completion;
  return (
    <Panel
      id="generation"
      title="Generate text"
      teaches="The current model continues the prompt, or answers it, and always takes the most likely token. It can also do so during training."
      question="Enter a prompt that cannot occur in the training data. What does the model generate?"
    >
      <TextField
        id="prompt"
        label="Prompt"
        value={prompt.value}
        failure={state.failureOf("prompt")}
        onChange={(value) => (prompt.value = value)}
      />
      <div class="run-buttons">
        <button type="button" class="plain-button" disabled={state.completing.value} onClick={() => void state.complete(prompt.value)}>
          Generate
        </button>
      </div>
      <output class="written" for="prompt">
        {completion === undefined ? "" : completion === "" ? "(empty: the model stopped at once)" : completion}
      </output>
      <div class="run-buttons" role="group" aria-label="Model files">
        <button type="button" class="plain-button" onClick={() => void download(state, order.recipe)}>
          Download the model
        </button>
      </div>
      <FailureLine id="files-failure" sentence={state.failureOf("files")} />
      <p class="hint">
        The download is a zip file with a folder in the Hugging Face format: config.json, model.safetensors and tokenizer.json. Unpack it in
        public/models to open the model in the attention room.
      </p>
    </Panel>
  );
}

/** The part of an example that is used as the prompt: a question as a whole, otherwise the beginning of the text. */
function firstPart(text: string): string {
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
