import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ModelChoice } from "../../models/model-choice.js";
import type { ModelId } from "../../models/model-id.js";
import { longestTitle, shownBytes } from "../../models/own-files/own-model.js";
import type { ModelsState } from "./state.js";

interface OwnPanelProps {
  readonly state: ModelsState;
  readonly chosenId: ModelId;
  readonly onChoose: (id: ModelId) => void;
}

/** The models of the reader: those that the browser keeps, and those of this visit. */
export function OwnPanel({ state, chosenId, onChoose }: OwnPanelProps): JSX.Element {
  const own = state.chosen.choices.value.filter(({ group }) => group === "own");
  return (
    <section class="panel" aria-labelledby="own-title">
      <header class="panel-head">
        <h2 id="own-title">Your models</h2>
        <p class="teaches">A model is forgotten when the page is closed, unless you have the browser keep its files.</p>
      </header>
      {own.length === 0 ? (
        <p class="hint">None yet.</p>
      ) : (
        <ul class="own-models">
          {own.map((choice) => (
            <OwnModelLine key={choice.id} choice={choice} state={state} isChosen={choice.id === chosenId} onChoose={onChoose} />
          ))}
        </ul>
      )}
      <StorageLine state={state} />
    </section>
  );
}

interface OwnModelLineProps extends Pick<OwnPanelProps, "state" | "onChoose"> {
  readonly choice: ModelChoice;
  readonly isChosen: boolean;
}

function OwnModelLine({ choice, state, isChosen, onChoose }: OwnModelLineProps): JSX.Element {
  const { id, title, bytes = 0, isKept = false } = choice;
  const isBusy = state.doing.value !== undefined;
  const [isRenaming, setRenaming] = useState(false);
  return (
    <li data-kept={isKept}>
      <span class="own-model">
        {isRenaming ? (
          <NameForm
            title={title}
            onSave={(next) => (setRenaming(false), void state.rename(id, next))}
            onCancel={() => setRenaming(false)}
          />
        ) : (
          <strong>{title}</strong>
        )}
        <span class="hint">
          {shownBytes(bytes)} · {isKept ? "kept in this browser" : "for this visit"}
        </span>
      </span>
      <span class="own-buttons">
        {isChosen ? (
          <span class="hint">chosen</span>
        ) : (
          <button type="button" class="plain-button" aria-label={`Choose ${title}`} onClick={() => onChoose(id)}>
            Choose
          </button>
        )}
        {!isKept && state.storage.value?.canKeep && (
          <button type="button" class="plain-button" aria-label={`Keep ${title}`} disabled={isBusy} onClick={() => void state.keep(id)}>
            Keep
          </button>
        )}
        {!isRenaming && (
          <button type="button" class="plain-button" aria-label={`Rename ${title}`} disabled={isBusy} onClick={() => setRenaming(true)}>
            Rename
          </button>
        )}
        <DeleteButton title={title} isKept={isKept} isBusy={isBusy} onDelete={() => void state.remove(id)} />
      </span>
    </li>
  );
}

interface NameFormProps {
  readonly title: string;
  readonly onSave: (title: string) => void;
  readonly onCancel: () => void;
}

/** A field for another name. Enter or the button saves it, Esc keeps the old one. */
function NameForm({ title, onSave, onCancel }: NameFormProps): JSX.Element {
  const [name, setName] = useState(title);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.select(), []); // before the next key
  const save = (event: Event): void => {
    event.preventDefault();
    if (name.trim() === title) onCancel();
    else onSave(name.trim());
  };
  return (
    <form onSubmit={save} onKeyDown={(event) => event.key === "Escape" && onCancel()}>
      <input
        ref={field}
        type="text"
        aria-label={`New name of ${title}`}
        value={name}
        required
        maxLength={longestTitle}
        onInput={(event) => setName(event.currentTarget.value)}
      />{" "}
      <button type="submit" class="plain-button" disabled={name.trim() === ""}>
        Save
      </button>
    </form>
  );
}

interface DeleteButtonProps {
  readonly title: string;
  readonly isKept: boolean;
  readonly isBusy: boolean;
  readonly onDelete: () => void;
}

/** Asks once more before it deletes what the browser keeps. */
function DeleteButton({ title, isKept, isBusy, onDelete }: DeleteButtonProps): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const press = (): void => {
    if (isKept && !isAsking) setAsking(true);
    else onDelete();
  };
  const label = !isKept ? "Forget" : isAsking ? "Really delete" : "Delete";
  return (
    <button
      type="button"
      class="plain-button"
      aria-label={`${label} ${title}`}
      disabled={isBusy}
      onClick={press}
      onBlur={() => setAsking(false)}
    >
      {label}
    </button>
  );
}

function StorageLine({ state }: Pick<OwnPanelProps, "state">): JSX.Element | null {
  const storage = state.storage.value;
  if (storage === undefined) return null;
  if (!storage.canKeep) return <p class="hint">Models cannot be kept here. {storage.reason}</p>;
  return <p class="hint">The browser has {shownBytes(storage.freeBytes)} left for this page.</p>;
}
