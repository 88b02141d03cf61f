import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { figureFiles } from "../../../exports/figure-files.js";
import { type ExportFile, ExportMenu } from "../../../ui/export-menu.js";
import { formatNumber } from "../../../ui/format.js";
import { SliderField } from "../../../ui/slider-field.js";
import { useWidth } from "../../../ui/use-width.js";
import { denseFirst } from "./by-distance.js";
import type { RotaryPicture } from "./picture.js";

const maxPairs = 8;
const label = 86;

interface ArrowGridProps {
  readonly picture: RotaryPicture;
  readonly length: number;
}

/** One arrow per pair and position, rotated as the embedding rotates it, and the period of the chosen pair. */
export function ArrowGrid({ picture, length }: ArrowGridProps): JSX.Element {
  const { frequencies } = picture;
  const [ref, width] = useWidth();
  const first = useSignal(0);
  const chosen = useSignal(1);
  const pair = Math.min(chosen.value, frequencies.length - 1);
  const pairs = denseFirst(frequencies.length, maxPairs, pair);
  const shown = Math.max(4, Math.min(length, Math.floor((width - label) / 26)));
  const from = Math.min(first.value, Math.max(0, length - shown));
  const positions = Array.from({ length: Math.min(shown, length) }, (_, index) => from + index);
  return (
    <div class="arrow-grid" ref={ref}>
      <div class="gallery-tools">
        <ExportMenu what="the rotations" files={rotationFiles(picture)} />
      </div>
      <div class="arrow-picture">
        {width > 0 && (
          <svg width={width} height={26 * pairs.length + 24} role="img" aria-label={describe(picture, pairs)}>
            {pairs.map((each, row) => (
              <g key={each} class={each === pair ? "arrow-row chosen" : "arrow-row"}>
                <text x={0} y={13 + 26 * row} dominant-baseline="middle">
                  pair {each}
                </text>
                {positions.map((position, column) => (
                  <Arrow key={position} x={label + 26 * column + 13} y={13 + 26 * row} turn={turnOf(picture, position, each)} radius={10} />
                ))}
              </g>
            ))}
            {positions.map((position, column) =>
              column % 2 === 0 ? (
                <text key={position} class="arrow-position" x={label + 26 * column + 13} y={26 * pairs.length + 14} text-anchor="middle">
                  {position}
                </text>
              ) : null,
            )}
          </svg>
        )}
      </div>
      <div class="field-row">
        <SliderField
          label="From position"
          value={from}
          min={0}
          max={Math.max(0, length - shown)}
          onChange={(value) => (first.value = value)}
        />
        <SliderField label="Pair" value={pair} min={0} max={frequencies.length - 1} onChange={(value) => (chosen.value = value)} />
      </div>
      <PairReading pair={pair} frequency={frequencies[pair]!} yarn={picture.scaling === "yarn"} />
    </div>
  );
}

/** The arrows as they are seen, and how fast each pair rotates. */
function rotationFiles({ frequencies, scaling }: RotaryPicture): ExportFile[] {
  const pairs = Array.from(frequencies, (frequency, pair) => ({ pair, frequency, turn: (2 * Math.PI) / frequency }));
  return figureFiles({
    name: "rotations",
    figure: ".arrow-picture",
    data: { version: 1, scaling, pairs },
    rows: [["pair", "radians per position", "positions per turn"], ...pairs.map(({ pair, frequency, turn }) => [pair, frequency, turn])],
  });
}

interface PairReadingProps {
  readonly pair: number;
  readonly frequency: number;
  readonly yarn: boolean;
}

function PairReading({ pair, frequency, yarn }: PairReadingProps): JSX.Element {
  return (
    <p class="map-reading" aria-live="polite">
      Pair {pair} rotates by {formatNumber(frequency)} radians per position: one full turn every {formatNumber((2 * Math.PI) / frequency)}{" "}
      positions.
      {yarn && " YaRN also makes all arrows slightly longer, which sharpens the softmax."}
    </p>
  );
}

interface Turn {
  readonly cos: number;
  readonly sin: number;
}

function turnOf({ cos, sin, frequencies }: RotaryPicture, position: number, pair: number): Turn {
  const at = position * frequencies.length + pair;
  return { cos: cos[at]!, sin: sin[at]! };
}

/** Angles are counter-clockwise, starting at the right. */
function Arrow({
  x,
  y,
  turn,
  radius,
}: {
  readonly x: number;
  readonly y: number;
  readonly turn: Turn;
  readonly radius: number;
}): JSX.Element {
  const [dx, dy] = [radius * turn.cos, -radius * turn.sin];
  const wing = (side: number): string => `${x + dx * 0.55 - side * dy * 0.3} ${y + dy * 0.55 + side * dx * 0.3}`;
  return (
    <g>
      <circle class="arrow-dial" cx={x} cy={y} r={radius} />
      <path class="arrow" d={`M${x} ${y}L${x + dx} ${y + dy}M${wing(1)}L${x + dx} ${y + dy}L${wing(-1)}`} />
    </g>
  );
}

function describe({ frequencies }: RotaryPicture, pairs: readonly number[]): string {
  const turns = pairs.map((pair) => `pair ${pair} every ${formatNumber((2 * Math.PI) / frequencies[pair]!)} positions`);
  return `Arrows that rotate with the position. Full turn: ${turns.join(", ")}`;
}
