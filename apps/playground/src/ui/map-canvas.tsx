import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { drawHeatMap } from "./draw-heat-map.js";
import { mapColors } from "./map-colors.js";
import type { MapPlotProps } from "./map-props.js";
import { tone } from "./theme.js";
import { cropMap, poolMap, windowOf } from "./visible-map.js";

/** The visible cells of a heat map. The canvas is never larger than the visible part, so that the length of a text does not matter. */
export function MapCanvas(props: Pick<MapPlotProps, "data" | "drawn" | "scale" | "layout" | "scroll">): JSX.Element {
  const { scale, layout, scroll, drawn: data = props.data } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { cell, width, height } = layout;
  const pool = Math.ceil(1 / (cell * (globalThis.devicePixelRatio || 1)));
  const pooled = useMemo(() => poolMap(data, pool), [data, pool]);
  const isWhole = width >= data.columns * cell && height >= data.rows * cell;
  const { left, top } = isWhole ? { left: 0, top: 0 } : scroll.value;
  const paint = tone.value;
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const part = isWhole ? undefined : windowOf(data, cell, { left, top, width, height });
    drawHeatMap(canvas.current, part === undefined ? pooled : cropMap(data, part), { cell: cell * pool, scale, ...mapColors[paint] });
    canvas.current.style.transform = part === undefined ? "" : `translate(${part.column * cell}px, ${part.row * cell}px)`;
  }, [data, pooled, pool, scale, cell, left, top, width, height, isWhole, paint]);
  return <canvas ref={canvas} aria-hidden="true" />;
}
