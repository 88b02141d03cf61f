import type { JSX } from "preact";

interface SliderFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

/** A slider for an integer, with the value beside the label. */
export function SliderField({ label, value, min, max, onChange }: SliderFieldProps): JSX.Element {
  return (
    <label class="slider-field">
      <span>
        {label} <strong>{value}</strong>
      </span>
      <input type="range" min={min} max={max} step={1} value={value} onInput={(event) => onChange(Number(event.currentTarget.value))} />
    </label>
  );
}
