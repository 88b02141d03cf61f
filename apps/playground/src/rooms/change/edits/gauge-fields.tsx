import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatNumber } from "../../../ui/format.js";

interface GaugeProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

interface GaugeFieldProps extends GaugeProps {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly shown: (value: number) => string;
}

/** Milliseconds after which a slider counts as left where it is, so that a pull is one step of the history. */
const pause = 250;

/** A slider from 0 to 100 %. */
export function PercentField(props: GaugeProps): JSX.Element {
  return <GaugeField {...props} min={0} max={1} step={0.05} shown={(value) => `${Math.round(value * 100)} %`} />;
}

/** A slider of the strength of steering. */
export function StrengthField(props: GaugeProps): JSX.Element {
  return <GaugeField {...props} min={-8} max={8} step={0.25} shown={formatNumber} />;
}

function GaugeField({ label, value, min, max, step, shown, onChange }: GaugeFieldProps): JSX.Element {
  const [pulled, setPulled] = useState<number>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => setPulled(undefined), [value]);
  const pull = (next: number): void => {
    setPulled(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next), pause);
  };
  const current = pulled ?? value;
  return (
    <label class="slider-field">
      <span>
        {label} <strong>{shown(current)}</strong>
      </span>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={current}
        aria-valuetext={shown(current)}
        onInput={(event) => pull(Number(event.currentTarget.value))}
      />
    </label>
  );
}
