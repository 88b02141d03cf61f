import type { JSX } from "preact";

interface SliderFieldProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

/** A whole number by a slider, with its value beside the name. */
export function SliderField({ label, value, least, most, onChange }: SliderFieldProps): JSX.Element {
  return (
    <label class="slider-field">
      <span>
        {label} <strong>{value}</strong>
      </span>
      <input type="range" min={least} max={most} step={1} value={value} onInput={(event) => onChange(Number(event.currentTarget.value))} />
    </label>
  );
}
