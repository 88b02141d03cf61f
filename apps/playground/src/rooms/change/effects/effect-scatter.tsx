import type { JSX } from "preact";
import { formatSigned } from "../../../ui/format-signed.js";
import { niceTicks, pixelOf, type PlotScale, spanOf } from "../../../ui/plot-scale.js";
import { useWidth } from "../../../ui/use-width.js";
import type { HeadEffect } from "./head-effects.js";
import { type NamePlace, placeNames } from "./place-names.js";

interface EffectScatterProps {
  readonly effects: readonly HeadEffect[];
  /** What stands on the horizontal axis. */
  readonly against: "predictedChange" | "attribution";
  readonly isOff: (effect: HeadEffect) => boolean;
  readonly onToggle: (effect: HeadEffect) => void;
}

interface Point {
  readonly effect: HeadEffect;
  readonly x: number;
  readonly y: number;
}

const axisNames = {
  predictedChange: "Change that the gradient foresees (nats)",
  attribution: "Added to the logit of the right token directly",
};
const edge = { left: 52, right: 16, top: 24, bottom: 42 };
const largestSide = 420;
/** So many heads, those that change most, have their names beside them, if there is room. */
const mostNames = 8;

/** The change of the loss without each head against what another method says of the head. The table has the same numbers. */
export function EffectScatter({ effects, against, isOff, onToggle }: EffectScatterProps): JSX.Element {
  const [ref, width] = useWidth();
  const points = effects
    .flatMap((effect): Point[] => {
      const [x, y] = [effect[against], effect.change];
      return x === null || y === null ? [] : [{ effect, x, y }];
    })
    .toSorted((a, b) => Math.abs(b.y) - Math.abs(a.y));
  const height = Math.min(largestSide, Math.max(220, width * 0.7));
  const [xMin, xMax] = padded(spanOf([points.map(({ x }) => x)]));
  const [yMin, yMax] = padded(spanOf([points.map(({ y }) => y)]));
  const x: PlotScale = { min: xMin, max: xMax, from: edge.left, to: Math.max(edge.left + 1, width - edge.right) };
  const y: PlotScale = { min: yMin, max: yMax, from: height - edge.bottom, to: edge.top };
  const places = points.map((point) => ({ left: pixelOf(x, point.x), top: pixelOf(y, point.y), name: point.effect.name }));
  const names = placeNames(places, (index) => index < mostNames, width);
  return (
    <div ref={ref} class="effect-scatter">
      {width > 0 && (
        <svg width={width} height={height} role="group" aria-label={`Loss without each head against: ${axisNames[against]}`}>
          <Axes x={x} y={y} name={axisNames[against]} />
          {against === "predictedChange" && <Diagonal x={x} y={y} />}
          {points.map((point, index) => (
            <HeadDot
              key={point.effect.name}
              point={point}
              left={places[index]!.left}
              top={places[index]!.top}
              name={names[index]}
              isOff={isOff(point.effect)}
              onToggle={() => onToggle(point.effect)}
            />
          ))}
        </svg>
      )}
    </div>
  );
}

function padded([min, max]: readonly [number, number]): readonly [number, number] {
  const room = (max - min) * 0.08;
  return [min - room, max + room];
}

function Axes({ x, y, name }: { readonly x: PlotScale; readonly y: PlotScale; readonly name: string }): JSX.Element {
  return (
    <g class="plot-axes" aria-hidden="true">
      {niceTicks(y.min, y.max, 5).map((value) => (
        <g key={value}>
          <line class={value === 0 ? "plot-zero" : "plot-rule"} x1={x.from} x2={x.to} y1={pixelOf(y, value)} y2={pixelOf(y, value)} />
          <text x={x.from - 6} y={pixelOf(y, value)} text-anchor="end" dominant-baseline="middle">
            {formatTick(value)}
          </text>
        </g>
      ))}
      {niceTicks(x.min, x.max, (x.to - x.from) / 60).map((value) => (
        <g key={value}>
          <line class={value === 0 ? "plot-zero" : "plot-rule"} x1={pixelOf(x, value)} x2={pixelOf(x, value)} y1={y.from} y2={y.to} />
          <text x={pixelOf(x, value)} y={y.from + 15} text-anchor="middle">
            {formatTick(value)}
          </text>
        </g>
      ))}
      <text class="plot-axis-name" x={(x.from + x.to) / 2} y={y.from + 34} text-anchor="middle">
        {name}
      </text>
      <text class="plot-axis-name" x={4} y={12}>
        Loss without the head (nats)
      </text>
    </g>
  );
}

function formatTick(value: number): string {
  return String(Number(value.toPrecision(6))).replace("-", "−");
}

/** Where the foreseen change is the measured one, cut to the plot. */
function Diagonal({ x, y }: { readonly x: PlotScale; readonly y: PlotScale }): JSX.Element {
  const [from, to] = [Math.max(x.min, y.min), Math.min(x.max, y.max)];
  return (
    <line class="scatter-diagonal" x1={pixelOf(x, from)} y1={pixelOf(y, from)} x2={pixelOf(x, to)} y2={pixelOf(y, to)} aria-hidden="true" />
  );
}

interface HeadDotProps {
  readonly point: Point;
  readonly left: number;
  readonly top: number;
  /** Where its name stands, if it has one. */
  readonly name: NamePlace | undefined;
  readonly isOff: boolean;
  readonly onToggle: () => void;
}

function HeadDot({ point: { effect, x, y }, left, top, name, isOff, onToggle }: HeadDotProps): JSX.Element {
  return (
    <g class={isOff ? "head-dot off" : "head-dot"} onClick={onToggle}>
      <title>
        {effect.name}: loss {formatSigned(y)} without it; {formatSigned(x)} foreseen
      </title>
      <circle cx={left} cy={top} r="5" />
      {name !== undefined && (
        <text x={name.left} y={name.top} text-anchor={name.anchor}>
          {effect.name}
        </text>
      )}
    </g>
  );
}
