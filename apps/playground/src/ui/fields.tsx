import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { whole } from "../routing/settings-link.js";

type Choices<Value extends string | number> = readonly { readonly value: Value; readonly label: string }[];

/** Values to choose from, labelled by their names, or by the values if there are no names. */
export function choicesOf<const Value extends string | number>(
  values: readonly Value[],
  names?: Readonly<Record<Value, string>>,
): Choices<Value> {
  return values.map((value) => ({ value, label: names?.[value] ?? String(value).replace("-", "−") }));
}

interface SegmentedProps<Value extends string | number> {
  readonly name: string;
  readonly label: string;
  readonly value: Value;
  readonly choices: Choices<Value>;
  readonly onChange: (value: Value) => void;
}

/** Radio buttons side by side that look like one control. */
export function Segmented<Value extends string | number>({ name, label, value, choices, onChange }: SegmentedProps<Value>): JSX.Element {
  return (
    <fieldset class="segmented">
      <legend>{label}</legend>
      <div class="segments">
        {choices.map((choice) => (
          <label key={choice.value} class={choice.value === value ? "segment chosen" : "segment"}>
            <input type="radio" name={name} value={choice.value} checked={choice.value === value} onChange={() => onChange(choice.value)} />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: Choices<Value>;
  readonly onChange: (value: Value) => void;
}

/** A drop-down list. */
export function Choice<Value extends string>({ label, value, choices, onChange }: ChoiceProps<Value>): JSX.Element {
  const take = (text: string): void => {
    const chosen = choices.find((choice) => choice.value === text);
    if (chosen !== undefined) onChange(chosen.value);
  };
  return (
    <label class="choice-field">
      <span>{label}</span>
      <select value={value} onChange={(event) => take(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

/** An integer field. Values outside the range are ignored while typing and clamped when the field loses focus. */
export function NumberField({ label, value, min, max, disabled = false, onChange }: NumberFieldProps): JSX.Element {
  const [typed, setTyped] = useState<string>();
  const type = (text: string): void => {
    setTyped(text);
    const inside = whole(min, max)(text);
    if (inside !== undefined) onChange(inside);
  };
  const leave = (): void => {
    const number = Math.round(Number(typed));
    if (typed?.trim() && Number.isFinite(number)) onChange(Math.min(max, Math.max(min, number)));
    setTyped(undefined);
  };
  return (
    <label class="number-field">
      <span>{label}</span>
      <input
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        step={1}
        value={typed ?? value}
        disabled={disabled}
        onInput={(event) => type(event.currentTarget.value)}
        onChange={leave}
        onBlur={leave}
      />
    </label>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

/** An on/off switch. */
export function Switch({ label, value, onChange }: SwitchProps): JSX.Element {
  return (
    <label class="switch">
      <input type="checkbox" role="switch" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span class="switch-track" aria-hidden="true" />
      <span>{label}</span>
    </label>
  );
}

interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly failure: string | undefined;
  readonly onChange: (text: string) => void;
}

/** A text area with its failure below it. */
export function TextField({ id, label, value, failure, onChange }: TextFieldProps): JSX.Element {
  return (
    <div class="text-field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={2}
        spellcheck={false}
        value={value}
        aria-invalid={failure !== undefined}
        aria-describedby={`${id}-failure`}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <FailureLine id={`${id}-failure`} sentence={failure} />
    </div>
  );
}

/** The message of a failure, which screen readers announce. */
export function FailureLine({ id, sentence }: { readonly id: string; readonly sentence: string | undefined }): JSX.Element {
  return (
    <p id={id} class="failure" role="alert">
      {sentence}
    </p>
  );
}

interface GroupProps {
  readonly title: string;
  /** The chosen values, shown while the group is closed. */
  readonly summary: string;
  readonly children: ComponentChildren;
}

const isWide = (): boolean => matchMedia("(min-width: 921px)").matches;

/** A group of fields that can be closed. It starts closed on small screens, so that the picture stays visible. */
export function Group({ title, summary, children }: GroupProps): JSX.Element {
  const [open] = useState(isWide);
  return (
    <details class="control-group" open={open}>
      <summary>
        <span class="group-title">{title}</span> <span class="group-summary">{summary}</span>
      </summary>
      <div class="group-fields">{children}</div>
    </details>
  );
}
