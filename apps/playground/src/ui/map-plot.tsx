import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { JSX, TargetedMouseEvent, TargetedPointerEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Cell, cellBox, type Mark, pointAt, sameCell } from "./cell.js";
import { formatNumber } from "./format.js";
import { MapCanvas } from "./map-canvas.js";
import { MapGrid } from "./map-grid.js";
import type { MapPlotProps, PointedCell } from "./map-props.js";
import { NamedToken } from "./named-token.js";
import { readMapCell } from "./read-map.js";
import { Tooltip } from "./tooltip.js";

/** Milliseconds; long enough that the tooltip does not flicker. */
const leaveDelay = 150;

/** The cells of a heat map with what lies on top of them: crosshair, pinned cell, grid of the keyboard, tooltip. */
export function MapPlot(props: MapPlotProps): JSX.Element {
  const { data, layout, mark, pinned, onPin, scroll } = props;
  const { cell } = layout;
  const isScrolled = layout.width < data.columns * cell || layout.height < data.rows * cell;
  const pointed = useSignal<PointedCell | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const show = (next: PointedCell | undefined): void => {
    clearTimeout(timer.current);
    const apply = (): void => {
      pointed.value = next;
      pointAt(mark, next && { query: next.query, key: next.key });
    };
    if (next !== undefined) apply();
    else timer.current = setTimeout(apply, leaveDelay);
  };
  const cellAt = (event: TargetedPointerEvent<HTMLElement> | TargetedMouseEvent<HTMLElement>): Cell => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const within = (offset: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(offset / cell)));
    return { query: within(event.clientY - bounds.top, data.rows), key: within(event.clientX - bounds.left, data.columns) };
  };
  return (
    <div
      class={isScrolled ? "map-scroll" : "map-whole"}
      style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
      onScroll={({ currentTarget: { scrollLeft, scrollTop } }) => (scroll.value = { left: scrollLeft, top: scrollTop })}
    >
      <div
        class="plot"
        style={{ width: `${data.columns * cell}px`, height: `${data.rows * cell}px` }}
        onPointerMove={(event) => event.pointerType !== "touch" && show({ ...cellAt(event), x: event.clientX, y: event.clientY })}
        onPointerLeave={() => show(undefined)}
        onClick={(event) => onPin?.(sameCell(cellAt(event), pinned) ? undefined : cellAt(event))}
      >
        <MapCanvas {...props} />
        <Crosshair mark={mark} cell={cell} />
        {pinned && <span class="pin-ring" style={cellBox(pinned, cell)} />}
        <MapGrid {...props} show={show} />
      </div>
      <PointedTooltip {...props} pointed={pointed} />
    </div>
  );
}

interface PointedTooltipProps extends MapPlotProps {
  readonly pointed: ReadonlySignal<PointedCell | undefined>;
}

function PointedTooltip({ pointed, data, words, ...weights }: PointedTooltipProps): JSX.Element | null {
  const { value: at } = pointed;
  if (at === undefined || at.query >= data.rows || at.key >= data.columns) return null;
  return (
    <Tooltip x={at.x} y={at.y}>
      {words === undefined ? <WeightWords {...weights} data={data} at={at} /> : words.tooltip(at)}
    </Tooltip>
  );
}

/** The tokens of a cell, its weight and rank. */
function WeightWords({
  data,
  at,
  queryTokens,
  keyTokens,
  more,
}: Pick<MapPlotProps, "data" | "queryTokens" | "keyTokens" | "more"> & { readonly at: Cell }): JSX.Element {
  const { weight, allowed, rank, allowedKeys } = readMapCell(data, at);
  return (
    <>
      <p class="tooltip-pair">
        <NamedToken token={queryTokens[at.query] ?? ""} position={at.query} /> →{" "}
        <NamedToken token={keyTokens[at.key] ?? ""} position={at.key} />
      </p>
      {allowed ? (
        <p class="tooltip-weight">
          <strong>{formatNumber(weight)}</strong> rank {rank} of {allowedKeys}
        </p>
      ) : (
        <p class="tooltip-masked">masked: the query may not attend to this key</p>
      )}
      {more?.(at)}
    </>
  );
}

/** The marked row and column. */
function Crosshair({ mark, cell }: { readonly mark: { readonly value: Mark | undefined }; readonly cell: number }): JSX.Element {
  const { query, key } = mark.value ?? {};
  const thick = `${Math.max(1, cell)}px`;
  return (
    <>
      {query !== undefined && <span class="crosshair row" style={{ top: `${query * cell}px`, height: thick }} />}
      {key !== undefined && <span class="crosshair column" style={{ left: `${key * cell}px`, width: thick }} />}
      {query !== undefined && key !== undefined && <span class="crosshair-cell" style={cellBox({ query, key }, cell)} />}
    </>
  );
}
