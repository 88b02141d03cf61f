import type { JSX } from "preact";
import { nearestIndex } from "./plot-scale.js";

interface SliderFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** How the value is shown; by default as it is. */
  readonly shown?: string;
  readonly onChange: (value: number) => void;
}

/** A slider for an integer, with the value beside the label. */
export function SliderField({ label, value, min, max, shown = String(value), onChange }: SliderFieldProps): JSX.Element {
  return (
    <label class="slider-field">
      <span>
        {label} <strong>{shown}</strong>
      </span>
      <input
        type="range"
        min={min}
        max={max}
        step={1}
        value={value}
        aria-valuetext={shown}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </label>
  );
}

interface ListSliderProps {
  readonly label: string;
  readonly value: number;
  /** The values to choose from, ascending. */
  readonly values: readonly number[];
  readonly shown?: string;
  readonly onChange: (value: number) => void;
}

/** A slider for one of a list of numbers; a value that is not in the list is shown at the nearest one. */
export function ListSlider({ label, value, values, shown = String(value), onChange }: ListSliderProps): JSX.Element {
  return (
    <SliderField
      label={label}
      value={nearestIndex(values, value)}
      min={0}
      max={values.length - 1}
      shown={shown}
      onChange={(index) => onChange(values[index]!)}
    />
  );
}
