import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { ColorScale } from "../../color/color-scale.js";
import { drawHeatMap } from "../../ui/draw-heat-map.js";
import { mapColors } from "../../ui/map-colors.js";
import { tone } from "../../ui/theme.js";
import { useWidth } from "../../ui/use-width.js";
import type { MaskBlocks } from "./mask-picture.js";

const widest = 300;

interface BlockMapProps {
  readonly blocks: MaskBlocks;
  /** Number of tokens. */
  readonly length: number;
  readonly scale: ColorScale;
}

/** The blocks of a mask, in the proportions of the matrix. */
export function BlockMap({ blocks, length, scale }: BlockMapProps): JSX.Element {
  const { size, states, counts, edge } = blocks;
  const [ref, width] = useWidth();
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = tone.value;
  const data = useMemo(() => ({ rows: size, columns: size, values: states, allowed: states }), [blocks]);
  const cell = size === 0 ? 0 : Math.min(40, Math.min(widest, width) / size);
  useLayoutEffect(() => {
    if (canvas.current !== null && cell > 0) drawHeatMap(canvas.current, data, { cell, scale, ...mapColors[paint] });
  }, [data, scale, cell, paint]);
  const label = `${size} by ${size} blocks of ${edge} of ${length} tokens: ${counts.empty} skipped, ${counts.partial} masked inside, ${counts.full} without a mask`;
  return (
    <div ref={ref} class="block-map">
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}
