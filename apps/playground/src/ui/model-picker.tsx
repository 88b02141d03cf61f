import type { JSX } from "preact";
import type { ModelChoice, ModelGroup } from "../models/model-choice.js";
import { closedTitle, type ModelId } from "../models/model-id.js";
import type { ModelInfo } from "../models/model-info.js";
import { modelFacts } from "./model-facts.js";

interface ModelPickerProps {
  readonly choices: readonly ModelChoice[];
  readonly value: ModelId;
  /** What is known of the chosen model, once it is open. */
  readonly info: ModelInfo | undefined;
  readonly onChoose: (id: ModelId) => void;
  /** The reader wants to open a model of their own. */
  readonly onOpenOwn: () => void;
}

const groups: readonly (readonly [group: ModelGroup, label: string])[] = [
  ["trained", "Trained here"],
  ["untrained", "First, random weights"],
  ["own", "Your models"],
  ["run", "From training"],
];

/** Not an id: ids have no spaces. */
const openOwn = "open own";

/** A list of all models, with what the chosen one does. */
export function ModelPicker({ choices, value, info, onChoose, onOpenOwn }: ModelPickerProps): JSX.Element {
  const choose = (select: HTMLSelectElement): void => {
    const chosen = select.value;
    select.value = value; // until the choice has been taken over
    if (chosen === openOwn) onOpenOwn();
    else onChoose(chosen);
  };
  const isListed = choices.some(({ id }) => id === value);
  return (
    <div class="model-picker">
      <label class="choice-field">
        <span>Model</span>
        <select value={value} aria-describedby="model-summary" onChange={(event) => choose(event.currentTarget)}>
          {!isListed && <option value={value}>{info?.title ?? closedTitle(value)}</option>}
          {groups.map(([group, label]) => (
            <ModelOptions key={group} label={label} choices={choices.filter((choice) => choice.group === group)} />
          ))}
          <option value={openOwn}>Open your own …</option>
        </select>
      </label>
      <p id="model-summary" class="model-summary">
        {info !== undefined && (
          <>
            {info.summary} <span class="model-sizes">{modelFacts(info)}</span>
          </>
        )}
      </p>
    </div>
  );
}

function ModelOptions({ label, choices }: { readonly label: string; readonly choices: readonly ModelChoice[] }): JSX.Element | null {
  if (choices.length === 0) return null;
  return (
    <optgroup label={label}>
      {choices.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </optgroup>
  );
}
