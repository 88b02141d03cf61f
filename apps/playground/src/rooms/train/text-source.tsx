import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { maxTextLength } from "../../training/run-settings.js";
import type { TrainState } from "./train-state.js";

/** A longer text is not put into a field, which would make the page slow. */
const longestShown = 20_000;
const startLength = 160;

/** The text of the reader: typed, pasted, dropped or of a file. */
export function TextSource({ state }: { readonly state: TrainState }): JSX.Element {
  const { value: text } = state.text;
  const isOver = useSignal(false);
  const take = (taken: string): void => {
    state.text.value = taken.slice(0, maxTextLength);
  };
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (pasted.length <= longestShown) return;
    event.preventDefault();
    take(pasted);
  };
  const onDrop = (event: DragEvent): void => {
    isOver.value = false;
    const [file] = event.dataTransfer?.files ?? [];
    if (file === undefined) return;
    event.preventDefault();
    void file.text().then(take);
  };
  const onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    isOver.value = true;
  };
  return (
    <div
      class={isOver.value ? "text-source over" : "text-source"}
      onDragOver={onDragOver}
      onDragLeave={() => (isOver.value = false)}
      onDrop={onDrop}
    >
      {text.length > longestShown ? (
        <LongText text={text} onClear={() => take("")} />
      ) : (
        <div class="text-field">
          <label for="training-text">Your text</label>
          <textarea
            id="training-text"
            rows={6}
            spellcheck={false}
            dir="auto"
            placeholder="Paste a text of at least some hundred words: a story, poems, recipes, a log …"
            value={text}
            onInput={(event) => take(event.currentTarget.value)}
            onPaste={onPaste}
          />
        </div>
      )}
      <label class="file-button plain-button">
        Open a text file
        <input
          type="file"
          accept=".txt,.md,.csv,.json,.html,text/*"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file !== undefined) void file.text().then(take);
            currentTarget.value = ""; // so that the same file can be opened again
          }}
        />
      </label>
      <p class="hint">
        It stays in this browser. The last tenth is not trained on, but tested on. At most {(maxTextLength / 1e6).toFixed(0)} million
        characters are used
        {text.length === maxTextLength ? "; yours was longer, and only its beginning is used." : "."}
      </p>
    </div>
  );
}

function LongText({ text, onClear }: { readonly text: string; readonly onClear: () => void }): JSX.Element {
  return (
    <div class="long-text">
      <p>
        <strong>{text.length.toLocaleString("en")} characters</strong>, starting with “<bdi>{text.slice(0, startLength)}</bdi>…”
      </p>
      <button type="button" class="plain-button" onClick={onClear}>
        Take another text
      </button>
    </div>
  );
}
