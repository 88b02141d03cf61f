import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ColorScale } from "../color/color-scale.js";
import { type DrawnBox, type HeatMapColors, MapPainter, type PlacedMap, sizeCanvas } from "./draw-heat-map.js";
import type { GridHead } from "./head-grid.js";
import { mapColors } from "./map-colors.js";
import { tone } from "./theme.js";

interface HeadCanvasProps {
  readonly heads: readonly GridHead[];
  readonly scale: ColorScale;
  readonly side: number;
  readonly width: number;
}

/** What is drawn where. */
interface DrawnHead extends DrawnBox {
  readonly head: GridHead;
}

/** So many maps of 64 tokens take about 10 ms. */
const headsInFrame = 144;

/** What is on the canvas: the maps by their places, all drawn with one scale. */
interface Drawn {
  readonly look: string;
  readonly scale: ColorScale;
  readonly maps: Map<string, GridHead["map"]>;
}

/** The maps of all heads on one canvas below their tiles. Maps that are new are drawn; the others stay. */
export function HeadCanvas({ heads, scale, side, width }: HeadCanvasProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Drawn>(undefined);
  const paint = tone.value;
  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const { offsetWidth, offsetHeight } = element.parentElement!;
    const look = [paint, side, offsetWidth, offsetHeight].join();
    if (last.current?.look !== look || last.current.scale !== scale) {
      sizeCanvas(element, offsetWidth, offsetHeight);
      last.current = { look, scale, maps: new Map() };
    }
    const { maps } = last.current;
    const stale = placesOf(element.parentElement!, heads).filter((place) => maps.get(keyOf(place)) !== place.head.map);
    return drawInFrames(element, stale, { scale, ...mapColors[paint] }, (place) => maps.set(keyOf(place), place.head.map));
  }, [heads, scale, side, width, paint]);
  return <canvas ref={canvas} class="head-canvas" aria-hidden="true" />;
}

/** Where the tiles have room for their maps, relative to the grid. */
function placesOf(grid: HTMLElement, heads: readonly GridHead[]): DrawnHead[] {
  const tiles = grid.querySelectorAll<HTMLElement>(".head-tile-map");
  const origin = grid.getBoundingClientRect();
  return heads.map((head, index) => {
    const { left, top, width, height } = tiles[index]!.getBoundingClientRect();
    return { head, left: left - origin.left, top: top - origin.top, width, height };
  });
}

function keyOf({ left, top }: DrawnHead): string {
  return `${Math.round(left)} ${Math.round(top)}`;
}

/** Draws heads, {@link headsInFrame} in each frame, so that the page stays fluid. @returns a function that stops it */
function drawInFrames(
  canvas: HTMLCanvasElement,
  waiting: readonly DrawnHead[],
  colors: HeatMapColors,
  onDrawn: (head: DrawnHead) => void,
): () => void {
  const context = canvas.getContext("2d");
  if (context === null) return () => {};
  const painter = new MapPainter(context, colors);
  let [next, frame] = [0, 0];
  const draw = (): void => {
    const heads = waiting.slice(next, (next += headsInFrame));
    for (const { left, top, width, height } of heads) context.clearRect(left, top, width, height);
    painter.draw(heads.flatMap(placedMap));
    heads.forEach(onDrawn);
    if (next < waiting.length) frame = requestAnimationFrame(draw);
  };
  draw();
  return () => cancelAnimationFrame(frame);
}

/** The map of a head with square cells, in the place of the head; none before the head is read. */
function placedMap({ head: { map }, left, top, width, height }: DrawnHead): PlacedMap[] {
  if (map === undefined) return [];
  const cell = Math.min(width / map.columns, height / map.rows);
  return [{ data: map, left, top, width: map.columns * cell, height: map.rows * cell }];
}
