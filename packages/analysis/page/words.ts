import { weightText } from "../src/pictures/text/numbers.js";
import { clipLabel } from "../src/pictures/text/visible-token.js";
import type { Cell, View } from "./view.js";

const short = (label: string): string => clipLabel(label, 30);

/** A cell in words: query → key, weight, rank in the row. */
export function cellWords({ head }: View, { row, column }: Cell): readonly string[] {
  const { map, layer } = head;
  const pair = `${short(layer.rowLabels[row]!)} (${row}) → ${short(layer.columnLabels[column]!)} (${column})`;
  const { weight, isExact } = map.at(row, column);
  if (weight === null) return [pair, "masked"];
  if (!isExact) return [pair, `at most ${weightText(weight)}, the largest of ${map.pool} × ${map.pool} cells`];
  const keys = map.keysOf(row);
  const rank = keys.findIndex((key) => key.column === column) + 1;
  return [pair, `weight ${weightText(weight)}`, `rank ${rank}${map.pool === 1 ? ` of ${keys.length}` : ""} in its row`];
}

/** A row in words: its largest keys, and its entropy when all of it is known. */
export function rowWords({ head }: View, row: number): string {
  const { map, layer } = head;
  const keys = map.keysOf(row);
  const named = keys.slice(0, 3).map(({ column, weight }) => `${short(layer.columnLabels[column]!)} ${weightText(weight)}`);
  const start = `query ${short(layer.rowLabels[row]!)} (${row}): `;
  if (named.length === 0) return `${start}may attend to nothing`;
  return `${start}${named.join(", ")}${map.pool === 1 ? `; entropy ${entropyOf(keys).toFixed(2)} nats` : ""}`;
}

function entropyOf(keys: readonly { readonly weight: number }[]): number {
  return keys.reduce((sum, { weight }) => (weight > 0 ? sum - weight * Math.log(weight) : sum), 0);
}
