import type { AttentionStack, HeadPlace } from "../../../models/model-info.js";
import type { GridValue } from "../../../ui/value-grid.js";
import { headName, layerName } from "../../../ui/head-name.js";

/** A grid with a row for each layer and a column for each head. */
export interface HeadCells {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly (GridValue | undefined)[])[];
  readonly placeAt: (row: number, column: number) => HeadPlace;
}

/** The heads of a model as a grid. @param cellOf what stands in the cell of a head, whose name is given */
export function gridOfHeads(stacks: readonly AttentionStack[], cellOf: (place: HeadPlace, name: string) => GridValue): HeadCells {
  const layers = stacks.flatMap(({ kind, heads, parts }) => parts.map((_, layer) => ({ kind, layer, heads })));
  const most = Math.max(0, ...stacks.map(({ heads }) => heads));
  const placeAt = (row: number, head: number): HeadPlace => ({ kind: layers[row]!.kind, layer: layers[row]!.layer, head });
  return {
    rows: layers.map(layerName),
    columns: Array.from({ length: most }, (_, head) => `H${head}`),
    cells: layers.map((each, row) =>
      Array.from({ length: most }, (_, head) => (head < each.heads ? cellOf(placeAt(row, head), headName(placeAt(row, head))) : undefined)),
    ),
    placeAt,
  };
}
