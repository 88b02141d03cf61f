import { checkInteger, checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import { checkMetrics } from "../report/check-values.js";
import { checkString } from "../../checks.js";
import { checkMap, type HeadMap, isAllowed } from "../head-map.js";
import { pictureTokens } from "../picture-tokens.js";
import type { MapDetails } from "./map-file.js";

const detailNames: OptionNames<MapDetails> = { model: true, layer: true, head: true, rowTokens: true, columnTokens: true, metrics: true };

/**
 * A map as JSON: `{ version: 1, model, layer, head, tokens: { rows, columns }, mask, attention, metrics }`.
 *
 * `attention` and `mask` are arrays of rows; a masked cell is `null` in `attention` and 0 in `mask`; `mask` is `null` when
 * every cell is allowed. Details that are not given are `null`. {@link fromJson} reads it.
 *
 * @throws ShapeError when the numbers of weights, mask cells or tokens contradict the sizes of the map
 * @throws ValueError when a weight is not finite, or a detail is unknown
 */
export function toJson(map: HeadMap, details: MapDetails = {}): string {
  const { model = null, layer = null, head = null, metrics = [] } = checkOptions("toJson", details, detailNames, "detail");
  checkMap("toJson", map, "signed");
  checkDetails(details);
  const { rows, columns } = pictureTokens("toJson", map, details);
  const tokens = { rows: details.rowTokens ? rows : null, columns: details.columnTokens ? columns : null };
  const attention = rowsOf(map, (cell) => (isAllowed(map, cell) ? map.weights[cell]! : null));
  const mask = map.allowed === null ? null : rowsOf(map, (cell) => Number(isAllowed(map, cell)));
  return JSON.stringify({ version: 1, model, layer, head, tokens, mask, attention, metrics });
}

/** Refuses what `fromJson` would refuse. */
function checkDetails({ model, layer, head, metrics = [] }: MapDetails): void {
  for (const [name, value] of Object.entries({ model, layer })) if (value !== undefined) checkString("toJson", name, value);
  if (head !== undefined) checkInteger("toJson", "head", head, 0);
  checkMetrics("toJson", "metrics", metrics);
}

function rowsOf<Value>({ rows, columns }: HeadMap, read: (cell: number) => Value): Value[][] {
  return Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (__, column) => read(row * columns + column)));
}
