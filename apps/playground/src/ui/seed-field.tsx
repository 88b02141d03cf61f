import type { JSX } from "preact";
import { NumberField } from "./fields.js";

const greatest = 999_999;

/** The seed of freshly drawn weights, and a button for the next. */
export function SeedField({ seed, onChange }: { readonly seed: number; readonly onChange: (seed: number) => void }): JSX.Element {
  return (
    <div class="field-row">
      <NumberField label="Seed" value={seed} least={0} most={greatest} onChange={onChange} />
      <button type="button" class="plain-button" onClick={() => onChange((seed + 1) % (greatest + 1))}>
        Other weights
      </button>
    </div>
  );
}
