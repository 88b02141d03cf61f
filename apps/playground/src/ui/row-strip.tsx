import type { JSX, TargetedMouseEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ColorScale } from "../color/color-scale.js";
import { drawHeatMap } from "./draw-heat-map.js";
import { describeToken, formatNumber } from "./format.js";
import { mapColors } from "./map-colors.js";
import { tone } from "./theme.js";
import { useWidth } from "./use-width.js";

interface RowStripProps {
  readonly label: string;
  readonly values: Float32Array;
  readonly allowed: Uint8Array | undefined;
  readonly scale: ColorScale;
  readonly tokens: readonly string[];
  readonly chosen: number;
  readonly onChoose: ((key: number) => void) | undefined;
}

const [height, widest] = [22, 44];

/** The numbers of one row as one strip of colours. A frame marks the chosen key; a click chooses another. */
export function RowStrip({ label, values, allowed, scale, tokens, chosen, onChoose }: RowStripProps): JSX.Element {
  const [ref, width] = useWidth();
  const canvas = useRef<HTMLCanvasElement>(null);
  const cell = Math.min(widest, width / Math.max(1, values.length));
  const paint = tone.value;
  useLayoutEffect(() => {
    if (canvas.current === null || width === 0) return;
    drawHeatMap(
      canvas.current,
      { rows: 1, columns: values.length, values, allowed },
      { cell, rowHeight: height, scale, ...mapColors[paint] },
    );
  }, [values, allowed, scale, cell, width, paint]);
  const choose = (event: TargetedMouseEvent<HTMLDivElement>): void => {
    const { left } = event.currentTarget.getBoundingClientRect();
    onChoose?.(Math.min(values.length - 1, Math.max(0, Math.floor((event.clientX - left) / cell))));
  };
  const text = `${label}: ${formatNumber(values[chosen]!)} for ${describeToken(tokens[chosen] ?? "", chosen)}`;
  return (
    <div ref={ref} class="row-strip" role="img" aria-label={text} title={text} onClick={choose}>
      <canvas ref={canvas} aria-hidden="true" />
      <span class="pin-ring" style={{ left: `${chosen * cell}px`, width: `${Math.max(2, cell)}px`, top: 0, height: `${height}px` }} />
    </div>
  );
}
