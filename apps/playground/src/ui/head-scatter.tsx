import type { JSX } from "preact";
import type { HeadPlace } from "../models/model-info.js";
import { headName, sameHead } from "./head-name.js";
import { useWidth } from "./use-width.js";

/** A head as a point of the plane. */
interface HeadPoint {
  readonly place: HeadPlace;
  readonly x: number;
  readonly y: number;
  /** The label of the head in one word; empty without one. */
  readonly label: string;
}

interface HeadScatterProps {
  readonly points: readonly HeadPoint[];
  readonly chosen: HeadPlace | undefined;
  readonly onChoose: (place: HeadPlace) => void;
}

const [margin, tallest] = [40, 420];

/** Heads as points: near ones attend alike on this text. Each is a button; Tab leads from one to the next. */
export function HeadScatter({ points, chosen, onChoose }: HeadScatterProps): JSX.Element {
  const [ref, width] = useWidth();
  const height = Math.min(tallest, width * 0.7);
  const place = placeIn(points, width, height);
  return (
    <div ref={ref} class="head-scatter" role="group" aria-label="Heads; near ones attend alike" style={{ height: `${height}px` }}>
      {width > 0 &&
        points.map((point) => {
          const [left, top] = place(point);
          const isChosen = chosen !== undefined && sameHead(point.place, chosen);
          return (
            <button
              key={headName(point.place)}
              type="button"
              class={isChosen ? "head-point chosen" : "head-point"}
              aria-pressed={isChosen}
              style={{ left: `${left}px`, top: `${top}px` }}
              title={point.label === "" ? headName(point.place) : `${headName(point.place)}: ${point.label}`}
              onClick={() => onChoose(point.place)}
            >
              {headName(point.place)}
              {point.label !== "" && <small>{point.label}</small>}
            </button>
          );
        })}
    </div>
  );
}

/** Maps the plane to pixels, with one scale for both directions, so that distances stay comparable. */
function placeIn(points: readonly HeadPoint[], width: number, height: number): (point: HeadPoint) => readonly [left: number, top: number] {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((width - 2 * margin) / (right - left || 1), (height - 2 * margin) / (bottom - top || 1));
  return ({ x, y }) => [width / 2 + (x - (left + right) / 2) * scale, height / 2 + (y - (top + bottom) / 2) * scale];
}
