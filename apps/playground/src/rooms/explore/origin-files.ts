import { figureFiles } from "../../exports/figure-files.js";
import type { CellReading } from "../../reading/readings.js";
import type { ExportFile } from "../../ui/export-menu.js";
import type { MapTokens } from "../../ui/read-map.js";

/** Where the weight of a cell comes from: the strips as they are seen, and every number of them. */
export function originFiles(model: string, cell: CellReading, { queryTokens, keyTokens }: MapTokens): ExportFile[] {
  const { place, query, key, scale, reason, queryVector, keyVector, valueVector, outputVector, raw, scaled, masked, weights } = cell;
  const vectors = numbersOf({ query: queryVector, key: keyVector, value: valueVector, output: outputVector });
  const scores = numbersOf({ raw, scaled, masked, weights });
  const pair = { query: { position: query, token: queryTokens[query] }, key: { position: key, token: keyTokens[key] } };
  return figureFiles({
    name: "origin",
    figure: "#origin .origin > .origin",
    titles: ".vector-row dt, .step-name, .step-how, .step-result, .legend-title, .legend-ticks span",
    data: { version: 1, model, place, ...pair, scale, reason, keyTokens, vectors, scores },
    rows: [
      ["numbers", "index", "token", "value"],
      ...Object.entries(vectors).flatMap(([name, values]) => values.map((value, index) => [name, index, "", value])),
      ...Object.entries(scores).flatMap(([name, values]) => values.map((value, index) => [name, index, keyTokens[index] ?? "", value])),
    ],
  });
}

/** Plain numbers, null for −∞. */
function numbersOf(arrays: Readonly<Record<string, Float32Array>>): Record<string, (number | null)[]> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, values]) => [name, Array.from(values, (value) => (Number.isFinite(value) ? value : null))]),
  );
}
