import type { JSX } from "preact";
import { colorIndex, type ColorScale } from "../color/color-scale.js";
import { formatNumber } from "./format.js";

interface LegendProps {
  readonly title: string;
  readonly scale: ColorScale;
  /** The label of hatched cells; undefined if there are none. */
  readonly masked: string | undefined;
}

/** The colours of a scale with its ticks, and the meaning of hatched cells. */
export function Legend({ title, scale, masked }: LegendProps): JSX.Element {
  const middle = (scale.min + scale.max) / 2;
  return (
    <div class="legend">
      <span class="legend-title">{title}</span>
      <span class="legend-scale">
        <span class="legend-bar" style={{ backgroundImage: `linear-gradient(to right, ${gradientStops(scale)})` }} aria-hidden="true" />
        <span class="legend-ticks">
          {[scale.min, middle, scale.max].map((value) => (
            <span key={value}>{tick(value)}</span>
          ))}
        </span>
      </span>
      {masked !== undefined && (
        <span class="legend-masked">
          <span class="masked-swatch" aria-hidden="true" /> {masked}
        </span>
      )}
    </div>
  );
}

function tick(value: number): string {
  return Number.isInteger(value) || value === 0.5 ? String(value).replace("-", "−") : formatNumber(value);
}

function gradientStops(scale: ColorScale): string {
  const { min, max, colors } = scale;
  return Array.from({ length: 33 }, (_, stop) => `rgb(${colors[colorIndex(scale, min + (stop / 32) * (max - min))]!.join(" ")})`).join(
    ", ",
  );
}
