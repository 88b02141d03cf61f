import type { JSX } from "preact";

interface TemperatureFieldProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
}

export const smallestTemperature = 0.1;
export const largestTemperature = 3;

/** A slider for the temperature of predictions: below 1 they get sharper, above 1 flatter. */
export function TemperatureField({ value, onChange }: TemperatureFieldProps): JSX.Element {
  return (
    <label class="slider-field temperature">
      <span>
        Temperature <strong>{value.toFixed(1)}</strong> {value === 1 ? "as trained" : value < 1 ? "sharper" : "flatter"}
      </span>
      <input
        type="range"
        min={smallestTemperature}
        max={largestTemperature}
        step={0.1}
        value={value}
        onInput={(event) => onChange(Math.round(Number(event.currentTarget.value) * 10) / 10)}
      />
    </label>
  );
}
