import { useSignal } from "@preact/signals";
import type { JSX, TargetedPointerEvent } from "preact";
import { formatNumber } from "./format.js";
import { niceTicks, type PlotScale, pixelOf } from "./plot-scale.js";
import { useWidth } from "./use-width.js";

/** The scores of one query, and the weights that the softmax makes of them. */
export interface KeyRow {
  readonly scores: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

const left = 46;
const scoresHeight = 190;
const gap = 44;
const weightsHeight = 150;
const bottom = 34;
const height = scoresHeight + gap + weightsHeight + bottom + 18;

/** The scores of one query above the weights that the softmax makes of them. The pointer or the arrow keys read a key. */
export function KeyBars({ row }: { readonly row: KeyRow }): JSX.Element {
  const { scores, weights } = row;
  const [ref, width] = useWidth();
  const chosen = useSignal<number | undefined>(undefined);
  const at = Math.min(chosen.value ?? strongestKey(weights), scores.length - 1);
  const x: PlotScale = { min: 0, max: scores.length, from: left, to: Math.max(left + 1, width - 8) };
  const reading = `key ${at}: score ${formatNumber(scores[at]!)}, weight ${formatNumber(weights[at]!)}`;
  const onPointer = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const pixel = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const key = Math.floor(((pixel - x.from) / (x.to - x.from)) * scores.length);
    chosen.value = Math.min(scores.length - 1, Math.max(0, key));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: scores.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    chosen.value = Math.min(scores.length - 1, Math.max(0, next));
  };
  return (
    <div class="key-bars">
      <div
        ref={ref}
        class="key-bars-area"
        role="slider"
        tabIndex={0}
        aria-label="Scores and weights of one query over its keys"
        aria-valuemin={0}
        aria-valuemax={scores.length - 1}
        aria-valuenow={at}
        aria-valuetext={reading}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onKeyDown={onKeyDown}
      >
        {width > 0 && (
          <svg width={width} height={height} aria-hidden="true">
            <Bars x={x} values={scores} at={at} top={18} height={scoresHeight} span={symmetric(scores)} title="score of each key" />
            <Bars
              x={x}
              values={weights}
              at={at}
              top={18 + scoresHeight + gap}
              height={weightsHeight}
              span={[0, 1]}
              title="weight of each key, after the softmax"
            />
            <g class="plot-axes">
              <text class="plot-axis-name" x={(x.from + x.to) / 2} y={height - 6} text-anchor="middle">
                {scores.length} keys
              </text>
            </g>
          </svg>
        )}
      </div>
      <p class="map-reading" aria-live="off">
        {reading}
      </p>
    </div>
  );
}

function strongestKey(weights: ArrayLike<number>): number {
  let best = 0;
  for (let key = 1; key < weights.length; key++) if (weights[key]! > weights[best]!) best = key;
  return best;
}

/** The range of the score axis: symmetric, and in steps, so that a moving slider moves the bars and not the axis. */
function symmetric(scores: ArrayLike<number>): readonly [number, number] {
  let largest = 2;
  for (let key = 0; key < scores.length; key++) largest = Math.max(largest, Math.abs(scores[key]!));
  const reach = 2 ** Math.ceil(Math.log2(largest));
  return [-reach, reach];
}

interface BarsProps {
  readonly x: PlotScale;
  readonly values: ArrayLike<number>;
  readonly at: number;
  readonly top: number;
  readonly height: number;
  readonly span: readonly [number, number];
  readonly title: string;
}

function Bars({ x, values, at, top, height: tall, span: [min, max], title }: BarsProps): JSX.Element {
  const y: PlotScale = { min, max, from: top + tall, to: top };
  const edge = (x.to - x.from) / values.length;
  const space = edge > 6 ? 2 : edge > 3 ? 1 : 0;
  const zero = pixelOf(y, 0);
  return (
    <g class="plot-axes">
      <text class="plot-axis-name" x={x.from} y={top - 7}>
        {title}
      </text>
      {niceTicks(min, max, 4).map((value) => (
        <g key={value}>
          <line class={value === 0 ? "plot-zero" : "plot-rule"} x1={x.from} x2={x.to} y1={pixelOf(y, value)} y2={pixelOf(y, value)} />
          <text x={x.from - 6} y={pixelOf(y, value)} text-anchor="end" dominant-baseline="middle">
            {String(value).replace("-", "−")}
          </text>
        </g>
      ))}
      {Array.from(values, (value, key) => {
        const end = pixelOf(y, value);
        return (
          <rect
            key={key}
            class={key === at ? "key-bar chosen" : "key-bar"}
            x={pixelOf(x, key) + space / 2}
            width={Math.max(0.5, edge - space)}
            y={Math.min(zero, end)}
            height={Math.max(0.5, Math.abs(end - zero))}
          />
        );
      })}
    </g>
  );
}
