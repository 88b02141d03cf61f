import { useSignal } from "@preact/signals";
import type { JSX, TargetedPointerEvent } from "preact";
import type { PlotLine, PlotMark } from "./plot-line.js";
import { plotEdge, plotHeight, PlotPicture } from "./plot-picture.js";
import { PlotReading, readPlot } from "./plot-reading.js";
import { nearestIndex, type PlotScale, spanOf, valueAt } from "./plot-scale.js";
import { useWidth } from "./use-width.js";

export interface LinePlotProps {
  /** The description for screen readers. */
  readonly label: string;
  readonly xName: string;
  readonly yName: string;
  /** Ascending: where the cursor can stop. */
  readonly xs: ArrayLike<number>;
  readonly lines: readonly PlotLine[];
  readonly marks?: readonly PlotMark[];
  /** The x whose values are shown until the reader points at another one. */
  readonly start?: number;
  /** The x of a cursor that other pictures share; it moves when the reader drags it or presses an arrow key. */
  readonly cursor?: number | undefined;
  readonly onCursor?: ((x: number) => void) | undefined;
  /** The range of the y axis; by default that of the lines, extended to include 0. */
  readonly span?: readonly [number, number] | undefined;
}

/**
 * Lines over an x axis, with a legend that reads their values. The pointer, or the arrow keys, Page Up, Page Down, Home and End choose
 * the x that is read. With a shared cursor, pointing only reads, and dragging moves the cursor.
 */
export function LinePlot(props: LinePlotProps): JSX.Element {
  const { xs, lines, label, xName, yName, start = 0, marks = [], cursor, onCursor } = props;
  const [ref, width] = useWidth();
  const pointed = useSignal<number | undefined>(undefined);
  const last = Math.max(0, xs.length - 1);
  const rest = nearestIndex(xs, cursor ?? start);
  const at = Math.min(pointed.value ?? rest, last);
  const x = xScale(xs, lines, width);
  const choose = (index: number): void => {
    const next = Math.min(last, Math.max(0, index));
    if (onCursor === undefined) pointed.value = next;
    else onCursor(xs[next] ?? 0);
  };
  const indexAt = (event: TargetedPointerEvent<HTMLDivElement>): number =>
    nearestIndex(xs, valueAt(x, event.clientX - event.currentTarget.getBoundingClientRect().left));
  const onPointer = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    if (event.buttons > 0) choose(indexAt(event));
    if (onCursor === undefined || event.pointerType !== "touch") pointed.value = indexAt(event);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = onCursor === undefined ? at : rest;
    const next = { ArrowLeft: from - 1, ArrowRight: from + 1, PageUp: from + 10, PageDown: from - 10, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    pointed.value = undefined;
    choose(next);
  };
  return (
    <div class="line-plot">
      <div
        ref={ref}
        class="line-plot-area"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={at}
        aria-valuetext={readPlot({ xName, x: xs[at] ?? 0, xs, lines })}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={() => onCursor !== undefined && (pointed.value = undefined)}
        onKeyDown={onKeyDown}
      >
        {width > 0 && <PlotPicture width={width} x={x} y={yScale(props)} {...{ xs, lines, marks, xName, yName }} at={xs[at] ?? 0} />}
      </div>
      <PlotReading xName={xName} x={xs[at] ?? 0} xs={xs} lines={lines} />
    </div>
  );
}

/** From the smallest to the largest x of the plot and of its lines. */
function xScale(xs: ArrayLike<number>, lines: readonly PlotLine[], width: number): PlotScale {
  const all = [xs, ...lines.flatMap((line) => (line.xs === undefined ? [] : [line.xs]))].filter(({ length }) => length > 0);
  const [min, max] = [Math.min(...all.map((each) => each[0]!)), Math.max(...all.map((each) => each[each.length - 1]!))];
  const [from, to] = [plotEdge.left, Math.max(plotEdge.left + 1, width - plotEdge.right)];
  return all.length === 0 ? { min: 0, max: 1, from, to } : { min, max, from, to };
}

function yScale({ span, lines }: Pick<LinePlotProps, "span" | "lines">): PlotScale {
  const [min, max] = span ?? spanOf(lines.map(({ values }) => values));
  return { min, max, from: plotHeight - plotEdge.bottom, to: plotEdge.top };
}
