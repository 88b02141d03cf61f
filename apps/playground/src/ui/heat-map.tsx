import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useId, useMemo } from "preact/hooks";
import { fitCell } from "./axis-labels.js";
import { cellWithin, type Mark } from "./cell.js";
import type { HeatMapData } from "./draw-heat-map.js";
import { choicesOf, Segmented } from "./fields.js";
import { MapAxis } from "./map-axis.js";
import { MapPlot } from "./map-plot.js";
import type { HeatMapProps, MapLayout, MapScroll } from "./map-props.js";
import { useWidth } from "./use-width.js";

type Zoom = "whole" | "readable";
const zoomNames: Record<Zoom, string> = { whole: "Whole map", readable: "Readable" };
/** Cells of a map of few tokens grow with the room they have. */
const largestCell = (width: number): number => Math.max(40, width / 28);
const readableCell = 18;
/** A whole map with smaller cells can also be shown with readable ones, to be scrolled. */
const smallCell = 12;
const tallestView = 640;

/**
 * A heat map of attention: rows are queries, columns are keys. The pointer or the arrow keys read a cell, a click or Enter pins it,
 * Esc unpins it. A long text is shown as a whole, each pixel the largest weight of its cells, or readable and scrolled.
 */
export function HeatMap({ mark, ...rest }: HeatMapProps): JSX.Element {
  const ownMark = useSignal<Mark | undefined>(undefined);
  const props = { ...rest, mark: mark ?? ownMark };
  const { data, pinned, onPin } = props;
  const [ref, width] = useWidth();
  const zoom = useSignal<Zoom>("whole");
  const id = useId(); // several maps may be on the page
  const scroll: MapScroll = useSignal({ left: 0, top: 0 });
  const [left, right] = width < 420 ? [64, 22] : [78, 40];
  const fitting = fitCell(Math.max(data.columns, data.rows * 0.6), Math.max(60, width - left - right), largestCell(width));
  const isSmall = fitting < smallCell;
  const layout = useMemo(
    () => layoutOf(data, isSmall && zoom.value === "readable" ? readableCell : fitting, width - left - right),
    [data.rows, data.columns, fitting, isSmall, zoom.value, width, left, right],
  );
  useEscape(pinned !== undefined, () => onPin?.(undefined));
  return (
    <div ref={ref} class="heat-map">
      {isSmall && (
        <Segmented
          name={id}
          label="Size"
          value={zoom.value}
          choices={choicesOf(["whole", "readable"], zoomNames)}
          onChange={(next) => (zoom.value = next)}
        />
      )}
      <div class="heat-map-body" style={{ paddingLeft: `${left}px`, width: `${layout.width + left}px`, "--axis-left": `${left}px` }}>
        <div class="axis-titles" aria-hidden="true">
          <span>keys →</span>
          <span>queries ↓</span>
        </div>
        <MapAxis side="top" {...props} layout={layout} scroll={scroll} />
        <div class="plot-row">
          <MapAxis side="left" {...props} layout={layout} scroll={scroll} />
          {width > 0 && <MapPlot {...props} pinned={cellWithin(pinned, data)} layout={layout} scroll={scroll} />}
        </div>
      </div>
    </div>
  );
}

function layoutOf({ rows, columns }: HeatMapData, cell: number, room: number): MapLayout {
  const [whole, tall] = [columns * cell, rows * cell];
  const scrolls = cell === readableCell;
  return { cell, width: scrolls ? Math.min(whole, room) : whole, height: scrolls ? Math.min(tall, tallestView) : tall };
}

/** Calls a function when Esc is pressed anywhere but in a field, unless something else has used the key. */
function useEscape(isActive: boolean, escape: () => void): void {
  useEffect(() => {
    if (!isActive) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      const inField = event.target instanceof Element && event.target.closest("textarea, select, dialog, [popover]") !== null;
      if (event.key === "Escape" && !event.defaultPrevented && !inField) escape();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isActive, escape]);
}
