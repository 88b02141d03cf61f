import type { JSX } from "preact";
import { NumberField } from "./fields.js";

const maxSeed = 999_999;

interface SeedFieldProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** The seed of the random weights, with a button for the next seed. */
export function SeedField({ value, onChange }: SeedFieldProps): JSX.Element {
  return (
    <div class="field-row">
      <NumberField label="Seed" value={value} min={0} max={maxSeed} onChange={onChange} />
      <button type="button" class="plain-button" onClick={() => onChange((value + 1) % (maxSeed + 1))}>
        Next seed
      </button>
    </div>
  );
}
