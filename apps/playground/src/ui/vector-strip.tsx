import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ColorScale } from "../color/color-scale.js";
import { parseHex } from "@tfblocks/analysis/colors";
import { drawHeatMap } from "./draw-heat-map.js";
import { tone } from "./theme.js";
import { useWidth } from "./use-width.js";

interface VectorStripProps {
  readonly label: string;
  readonly values: Float32Array;
  readonly scale: ColorScale;
}

const white = parseHex("#ffffff");
const darkBackground = parseHex("#16171d");

/** A vector as one row of colours over the full width. */
export function VectorStrip({ label, values, scale }: VectorStripProps): JSX.Element {
  const [ref, width] = useWidth();
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = tone.value;
  useLayoutEffect(() => {
    if (canvas.current === null || width === 0) return;
    const gap = paint === "dark" ? darkBackground : white;
    drawHeatMap(
      canvas.current,
      { rows: 1, columns: values.length, values },
      { cell: width / values.length, scale, masked: [gap, gap], gap },
    );
    canvas.current.style.height = "100%";
  }, [values, scale, width, paint]);
  return (
    <div ref={ref} class="vector-strip">
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}
