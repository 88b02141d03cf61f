import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ColorScale } from "../color/color-scale.js";
import type { HeadPlace } from "../models/model-info.js";
import type { ReportLabel, ReportMetric } from "@tfblocks/analysis/pictures";
import { HeadCanvas } from "./head-canvas.js";
import { headName, sameHead } from "./head-name.js";
import { HeadTile } from "./head-tile.js";
import type { HeatMapData } from "./draw-heat-map.js";
import { stepCell } from "./step-cell.js";
import { useWidth } from "./use-width.js";

/** A head of a grid. */
export interface GridHead {
  readonly place: HeadPlace;
  /** Its weights; undefined while they are being computed. */
  readonly map: HeatMapData | undefined;
  readonly labels: readonly ReportLabel[];
  /** The score that its badge shows. */
  readonly metric: ReportMetric | undefined;
  /** Another mark, for example that the head is switched off. */
  readonly note?: string | undefined;
}

/** A row of a grid: usually a layer. */
export interface GridRow {
  readonly title: string;
  readonly heads: readonly GridHead[];
}

export interface HeadGridProps {
  readonly label: string;
  readonly rows: readonly GridRow[];
  readonly scale: ColorScale;
  readonly chosen: HeadPlace | undefined;
  readonly onChoose: (place: HeadPlace) => void;
}

const [smallestSide, largestSide, titleWidth] = [48, 176, 30];
const [wideGap, narrowGap] = [10, 6];
/** A single row of more heads wraps. */
const mostInLine = 8;

/**
 * Heads as small maps on one canvas and one scale, with labels and a score beside its null. Click or Enter chooses a head; the
 * arrow keys, Home and End move between heads.
 */
export function HeadGrid({ label, rows, scale, chosen, onChoose }: HeadGridProps): JSX.Element {
  const [ref, width] = useWidth();
  const most = Math.max(1, ...rows.map(({ heads }) => heads.length));
  const room = width - (rows.length > 1 ? titleWidth : 0);
  const gap = most > mostInLine ? narrowGap : wideGap;
  const side = sideOf(room, tilesInLine(room, gap, rows.length > 1 ? most : Math.min(most, mostInLine)), gap);
  const heads = useMemo(() => rows.flatMap((row) => row.heads), [rows]);
  const focusable = Math.max(
    0,
    heads.findIndex(({ place }) => chosen !== undefined && sameHead(place, chosen)),
  );
  return (
    <div class="head-grid-scroll">
      <div ref={ref} class="head-grid" style={{ "--side": `${side}px`, "--tile-gap": `${gap}px` }}>
        {width > 0 && <HeadCanvas heads={heads} scale={scale} side={side} width={width} />}
        <div role="grid" aria-label={label} onKeyDown={(event) => moveFocus(event, rows)}>
          {rows.map((row, index) => (
            <div key={row.title} role="row" class="head-row" aria-rowindex={index + 1}>
              {rows.length > 1 && (
                <span role="rowheader" class="head-row-title">
                  {row.title}
                </span>
              )}
              <div class="head-row-tiles" role="presentation">
                {row.heads.map((head) => (
                  <HeadTile
                    key={headName(head.place)}
                    head={head}
                    isChosen={chosen !== undefined && sameHead(head.place, chosen)}
                    isFocusable={head === heads[focusable]}
                    onChoose={onChoose}
                  />
                ))}
              </div>
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** How many tiles stand in a line: all, or so many that the lines of a row are about equally long. */
function tilesInLine(room: number, gap: number, count: number): number {
  const fitting = Math.max(1, Math.floor((room + gap) / (smallestSide + gap)));
  return Math.ceil(count / Math.ceil(count / fitting));
}

/** The side of tiles of which a number fit into a line. */
function sideOf(room: number, count: number, gap: number): number {
  return Math.max(smallestSide, Math.min(largestSide, Math.floor((room - gap * (count - 1)) / count)));
}

/** Moves the focus to another tile. A single row wraps, so that Up and Down move by what the reader sees as lines. */
function moveFocus(event: KeyboardEvent, rows: readonly GridRow[]): void {
  const grid = event.currentTarget as HTMLElement;
  const tiles = [...grid.querySelectorAll<HTMLElement>("[role=gridcell]")];
  const at = tiles.indexOf(event.target as HTMLElement);
  if (at < 0 || event.altKey || event.metaKey) return;
  const columns = rows.length > 1 ? Math.max(...rows.map(({ heads }) => heads.length)) : lineLength(tiles);
  const next = stepCell(event.key, event.ctrlKey, Math.floor(at / columns), at % columns, Math.ceil(tiles.length / columns), columns);
  if (next === undefined) return;
  event.preventDefault();
  const tile = tiles[Math.min(tiles.length - 1, next[0] * columns + next[1])]!;
  for (const each of tiles) each.tabIndex = each === tile ? 0 : -1;
  tile.focus();
}

/** How many tiles of a wrapped row stand in its first line. */
function lineLength(tiles: readonly HTMLElement[]): number {
  const first = tiles[0]?.offsetTop;
  const second = tiles.findIndex((tile) => tile.offsetTop !== first);
  return second < 0 ? tiles.length : second;
}
