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
        <LegendBar scale={scale} />
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

const barSteps = 64;

/** A picture and no gradient of a style, so that it is part of saved pictures. */
function LegendBar({ scale }: { readonly scale: ColorScale }): JSX.Element {
  const { min, max, colors } = scale;
  return (
    <svg class="legend-bar" viewBox={`0 0 ${barSteps} 1`} preserveAspectRatio="none" shape-rendering="crispEdges" aria-hidden="true">
      {Array.from({ length: barSteps }, (_, step) => {
        const color = colors[colorIndex(scale, min + (step / (barSteps - 1)) * (max - min))]!;
        return <rect key={step} x={step} width={1} height={1} fill={`rgb(${color.join(" ")})`} />;
      })}
    </svg>
  );
}
