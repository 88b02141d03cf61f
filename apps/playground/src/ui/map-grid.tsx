import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Cell, cellBox, sameCell } from "./cell.js";
import type { MapPlotProps, PointedCell } from "./map-props.js";
import { describeMapCell } from "./read-map.js";
import { stepCell } from "./step-cell.js";

interface MapGridProps extends MapPlotProps {
  readonly show: (pointed: PointedCell | undefined) => void;
}

/** A heat map as a grid for keyboards and screen readers: one tab stop, and only the focused cell is an element. */
export function MapGrid(props: MapGridProps): JSX.Element {
  const { label, data, layout, pinned, onPin, onHead, show } = props;
  const place = useSignal<Cell>(pinned ?? { query: 0, key: 0 });
  const focused = useSignal(false);
  const element = useRef<HTMLDivElement>(null);
  const { rows, columns } = data;
  const at = { query: Math.min(place.value.query, rows - 1), key: Math.min(place.value.key, columns - 1) };
  const spoken = props.words?.spoken(at) ?? describeMapCell(data, props, at, props.unit);
  useEffect(() => {
    if (pinned !== undefined && !focused.value) place.value = pinned;
  }, [pinned]);
  useEffect(() => {
    if (!focused.value || element.current === null) return;
    element.current.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { right, bottom } = element.current.getBoundingClientRect();
    show({ ...at, x: right, y: bottom });
  }, [focused.value, at.query, at.key, data]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    const next = stepCell(event.key, event.ctrlKey, at.query, at.key, rows, columns);
    const step = onHead && { PageUp: -1 as const, PageDown: 1 as const }[event.key];
    if (next !== undefined) place.value = { query: next[0], key: next[1] };
    else if (step !== undefined) onHead?.(step);
    else if (event.key === "Enter" || event.key === " ") onPin?.(sameCell(pinned, at) ? undefined : at);
    else return;
    event.preventDefault();
  };
  const onFocus = ({ currentTarget }: FocusEvent): void => {
    focused.value = (currentTarget as HTMLElement).matches(":focus-visible");
  };
  const onBlur = (): void => {
    focused.value = false;
    show(undefined);
  };
  return (
    <>
      <div
        role="grid"
        class="grid"
        aria-label={`${label}: rows are queries, columns are keys`}
        aria-rowcount={rows}
        aria-colcount={columns}
      >
        <div role="row" aria-rowindex={at.query + 1}>
          <div
            ref={element}
            role="gridcell"
            class="grid-cell"
            tabIndex={0}
            style={cellBox(at, layout.cell)}
            aria-colindex={at.key + 1}
            aria-selected={sameCell(pinned, at)}
            aria-label={spoken}
            onKeyDown={onKeyDown}
            onFocus={onFocus}
            onBlur={onBlur}
          />
        </div>
      </div>
      <p class="spoken" aria-live="polite">
        {focused.value ? spoken : ""}
      </p>
    </>
  );
}
