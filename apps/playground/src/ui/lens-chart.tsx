import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { colorIndex, type ColorScale, weightScale } from "../color/color-scale.js";
import { inkOn } from "../color/ink-on.js";
import type { LensCellReading, LensReading } from "../reading/readings.js";
import { formatNumber, visibleToken } from "./format.js";
import { Legend } from "./legend.js";
import { MoreSides } from "./more-sides.js";
import { formatProbability } from "./probability-bars.js";
import { stepCell } from "./step-cell.js";
import { tone } from "./theme.js";
import { useChosenInView } from "./use-chosen-in-view.js";
import { useColumnWindow } from "./use-column-window.js";

/** What colours a cell of the chart. */
export type LensMeasure = "top" | "actual" | "entropy";

interface LensChartProps {
  readonly lens: LensReading;
  /** The tokens of the positions. */
  readonly tokens: readonly string[];
  readonly measure: LensMeasure;
  /** The selected layer and position. */
  readonly selected: readonly [layer: number, position: number];
  readonly onSelect: (layer: number, position: number) => void;
}

const [narrowest, widest, namesWidth] = [36, 84, 92];
const measureTitles: Record<LensMeasure, string> = {
  top: "probability of the likeliest token",
  actual: "probability of the token that follows",
  entropy: "entropy in nats: 0 = certain",
};

/** What each layer would predict at each position, if it were the last. The arrow keys, Home and End select a cell, which is read in full below. */
export function LensChart({ lens, tokens, measure, selected, onSelect }: LensChartProps): JSX.Element {
  const { layers, cells } = lens;
  const count = cells[0]?.length ?? 0;
  const [layer, position] = [Math.min(selected[0], layers.length - 1), Math.min(selected[1], count - 1)];
  const box = useRef<HTMLDivElement>(null);
  const columnWidth = useMemo(() => columnWidthOf(lens, tokens), [lens, tokens]);
  const window = useColumnWindow(box, count, columnWidth);
  const scale = measureScale(lens, measure);
  useChosenInView(box, { chosen: position, count, width: columnWidth, namesWidth });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    // The first layer is at the bottom.
    const next = stepCell(event.key, event.ctrlKey, layers.length - 1 - layer, position, layers.length, count);
    if (next === undefined) return;
    event.preventDefault();
    onSelect(layers.length - 1 - next[0], next[1]);
  };
  const reading = readLens(lens, tokens, layer, position);
  return (
    <div class="lens">
      <Legend title={measureTitles[measure]} scale={scale} masked={undefined} />
      <MoreSides box={box} kind="strip-sides lens-sides">
        <div
          ref={box}
          class="lens-scroll"
          role="application"
          aria-roledescription="chart of layers and positions; use the arrow keys to read it"
          aria-label={reading}
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          <div class="lens-body" style={{ width: `${namesWidth + count * columnWidth}px` }}>
            {layers
              .map((_, index) => layers.length - 1 - index)
              .map((each) => (
                <div key={each} class="lens-row">
                  <span class="lens-layer">{layers[each]}</span>
                  {cells[each]!.slice(window.first, window.end).map((cell, index) => (
                    <LensCellView
                      key={window.first + index}
                      cell={cell}
                      share={cell && valueOf(cell, measure)}
                      scale={scale}
                      left={namesWidth + (window.first + index) * columnWidth}
                      width={columnWidth - 2}
                      isSelected={each === layer && window.first + index === position}
                      onSelect={() => onSelect(each, window.first + index)}
                    />
                  ))}
                </div>
              ))}
            <div class="lens-row names">
              <span class="lens-layer">token</span>
              {tokens.slice(window.first, window.end).map((token, index) => (
                <span
                  key={window.first + index}
                  class="lens-token"
                  style={{ left: `${namesWidth + (window.first + index) * columnWidth}px`, width: `${columnWidth}px` }}
                >
                  <bdi>{visibleToken(token)}</bdi>
                </span>
              ))}
            </div>
          </div>
        </div>
      </MoreSides>
      <p class="map-reading" aria-live="polite">
        {reading}
      </p>
    </div>
  );
}

interface LensCellProps {
  readonly cell: LensCellReading | null;
  readonly share: number | null;
  readonly scale: ColorScale;
  readonly left: number;
  readonly width: number;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function LensCellView({ cell, share, scale, left, width, isSelected, onSelect }: LensCellProps): JSX.Element {
  const place = { left: `${left}px`, width: `${width}px` };
  if (cell === null || share === null) return <span class="lens-cell none" style={place} onClick={onSelect} />;
  const ground = scale.colors[colorIndex(scale, share)]!;
  return (
    <span
      class={isSelected ? "lens-cell chosen" : "lens-cell"}
      style={{ ...place, backgroundColor: `rgb(${ground.join(" ")})`, color: inkOn(ground) }}
      onClick={onSelect}
    >
      <bdi>{visibleToken(cell.top[0]?.text ?? "")}</bdi>
    </span>
  );
}

/** Columns are as wide as their tokens need, up to a limit. */
function columnWidthOf({ cells }: LensReading, tokens: readonly string[]): number {
  const texts = cells.flatMap((row) => row.map((cell) => cell?.top[0]?.text ?? ""));
  const longest = [...tokens, ...texts].reduce((most, text) => Math.max(most, visibleToken(text).length), 1);
  return Math.min(widest, Math.max(narrowest, 18 + 9 * longest));
}

function measureScale({ cells }: LensReading, measure: LensMeasure): ColorScale {
  if (measure !== "entropy") return weightScale("blues", tone.value);
  const largest = Math.max(1, ...cells.map((row) => row.reduce((most, cell) => Math.max(most, cell?.entropy ?? 0), 0)));
  return weightScale("blues", tone.value, "largest", largest);
}

function valueOf({ top, actual, entropy }: LensCellReading, measure: LensMeasure): number | null {
  return { top: top[0]?.probability ?? null, actual, entropy }[measure];
}

/** A cell of the chart in words. */
function readLens({ layers, cells }: LensReading, tokens: readonly string[], layer: number, position: number): string {
  const cell = cells[layer]?.[position];
  const place = `${layers[layer]}, at “${visibleToken(tokens[position] ?? "")}” (${position})`;
  if (cell === null || cell === undefined) return `${place}: nothing is predicted here`;
  const top = cell.top.slice(0, 3).map(({ text, probability }) => `“${visibleToken(text)}” ${formatProbability(probability)}`);
  const follows = cell.actual === null ? "" : `; the token that follows has ${formatProbability(cell.actual)}`;
  return `${place}: ${top.join(", ")}${follows}; entropy ${formatNumber(cell.entropy)} nats`;
}
