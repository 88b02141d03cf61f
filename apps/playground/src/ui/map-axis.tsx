import type { JSX } from "preact";
import type { MapPlotProps } from "./map-props.js";
import { TokenAxis } from "./token-axis.js";

interface MapAxisProps extends Pick<MapPlotProps, "queryTokens" | "keyTokens" | "mark" | "pinned" | "layout" | "scroll"> {
  readonly side: "top" | "left";
}

/** How far apart the labels above a map are at least; they are slanted, and what they need is wider than it is high. */
const slantedHeight = 18;

/** The tokens along an edge of a heat map. It follows the scrolling, and highlights the token that the reader points at, or the pinned one. */
export function MapAxis({ side, queryTokens, keyTokens, mark, pinned, layout, scroll }: MapAxisProps): JSX.Element {
  const isTop = side === "top";
  const place = mark.value ?? pinned;
  return (
    <TokenAxis
      side={side}
      tokens={isTop ? keyTokens : queryTokens}
      cell={layout.cell}
      labelHeight={isTop ? slantedHeight : 15}
      active={isTop ? place?.key : place?.query}
      view={isTop ? { start: scroll.value.left, length: layout.width } : { start: scroll.value.top, length: layout.height }}
    />
  );
}
