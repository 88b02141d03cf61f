import type { ReportMetric } from "@tfblocks/analysis/pictures";
import type { AttentionStack, HeadPlace } from "../../models/model-info.js";
import type { LayerReading, SimilarHeads } from "../../reading/readings.js";
import type { GridHead, GridRow } from "../../ui/head-grid.js";
import { headName } from "../../ui/head-name.js";
import { scoreOfLabel, strongestFirst } from "../../ui/metric-words.js";
import { labelScore, type Sort } from "./view.js";

/** The layers that have been read, by `layerKey`. */
export type ReadLayers = ReadonlyMap<string, LayerReading>;

export function layerKey({ kind, layer }: Pick<HeadPlace, "kind" | "layer">): string {
  return `${kind}.${layer}`;
}

/** All heads of a stack, layer by layer; those that have not been read yet have no map. */
export function headsOfStack({ kind, heads, parts }: AttentionStack, layers: ReadLayers, metric: string): GridHead[] {
  return parts.flatMap((_, layer) => {
    const reading = layers.get(layerKey({ kind, layer }));
    return Array.from({ length: heads }, (__, head): GridHead => {
      const found = reading?.heads[head];
      const labels = strongestFirst(found?.labels ?? []);
      const score = metric === labelScore ? found && scoreOfLabel(found) : found?.metrics.find(({ name }) => name === metric);
      return { place: { kind, layer, head }, map: found?.thumbnail, labels, metric: score };
    });
  });
}

/** Heads in rows: a row a layer, or one row in another order. */
export function sortHeads(heads: readonly GridHead[], sort: Sort, similar: SimilarHeads | undefined): GridRow[] {
  if (sort === "layer") return rowsOfLayers(heads);
  const title = { metric: "By score", label: "By label", similarity: "Similar heads side by side" }[sort];
  return [{ title, heads: orderOf(heads, sort, similar) }];
}

function rowsOfLayers(heads: readonly GridHead[]): GridRow[] {
  const layers = [...new Set(heads.map(({ place }) => place.layer))];
  return layers.map((layer) => ({ title: `L${layer}`, heads: heads.filter(({ place }) => place.layer === layer) }));
}

function orderOf(heads: readonly GridHead[], sort: Exclude<Sort, "layer">, similar: SimilarHeads | undefined): readonly GridHead[] {
  if (sort === "metric") return heads.toSorted((a, b) => scoreOf(b.metric) - scoreOf(a.metric));
  if (sort === "label") return heads.toSorted((a, b) => compareLabels(a, b) || scoreOf(b.metric) - scoreOf(a.metric));
  const ranks = new Map(similar?.places.map((place, rank) => [headName(place), rank]));
  const rankOf = ({ place }: GridHead): number => ranks.get(headName(place)) ?? ranks.size;
  return heads.toSorted((a, b) => rankOf(a) - rankOf(b));
}

/** By the name of the first label; heads without one come last. */
function compareLabels(a: GridHead, b: GridHead): number {
  const [first, second] = [a.labels[0]?.label, b.labels[0]?.label];
  if (first === undefined || second === undefined) return Number(first === undefined) - Number(second === undefined);
  return first.localeCompare(second);
}

function scoreOf(metric: ReportMetric | undefined): number {
  return metric?.score ?? -Infinity;
}

/** The metrics that the heads of a stack have. */
export function metricsOf({ kind }: AttentionStack, layers: ReadLayers): string[] {
  const readings = [...layers.values()].filter((reading) => reading.kind === kind);
  return [...new Set(readings.flatMap(({ heads }) => heads.flatMap(({ metrics }) => metrics.map(({ name }) => name))))];
}
