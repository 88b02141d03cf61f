import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { decimal } from "../routing/settings-link.js";

interface DecimalFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

/** A field for a number of any size, for example 0.003 or 3e-3. What is not such a number is ignored, and gone when the field loses focus. */
export function DecimalField({ label, value, min, max, onChange }: DecimalFieldProps): JSX.Element {
  const [typed, setTyped] = useState<string>();
  const type = (text: string): void => {
    setTyped(text);
    const inside = decimal(min, max)(text.replace(",", "."));
    if (inside !== undefined) onChange(inside);
  };
  return (
    <label class="number-field">
      <span>{label}</span>
      <input
        type="text"
        inputMode="decimal"
        value={typed ?? String(value)}
        aria-invalid={typed !== undefined && decimal(min, max)(typed.replace(",", ".")) === undefined}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={() => setTyped(undefined)}
      />
    </label>
  );
}
