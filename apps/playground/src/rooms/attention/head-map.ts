import type { HeatMapData } from "../../ui/draw-heat-map.js";
import type { PointedCell } from "../../ui/heat-map.js";
import type { AttentionState } from "./attention-state.js";
import type { AttentionPicture } from "./picture.js";
import { headValues } from "./read-cell.js";
import type { DrawnStage } from "./view.js";

/** One head's map at a stage, `[queryLength, keyLength]`. */
export function headMap(picture: AttentionPicture, stage: DrawnStage, head: number, allowed: Uint8Array | undefined): HeatMapData {
  return { rows: picture.queryTokens.length, columns: picture.keyTokens.length, values: headValues(picture, stage, head), allowed };
}

/** The properties that every heat map of one head shares: its tokens, the marked cells and the pointer. */
export function mapProps(state: AttentionState, { queryTokens, keyTokens }: AttentionPicture, head: number) {
  return {
    queryTokens,
    keyTokens,
    crosshair: state.hovered.value,
    pinned: state.pinned.value,
    onPoint: (cell: PointedCell | undefined) => state.hover(cell && { ...cell, head }),
  };
}
