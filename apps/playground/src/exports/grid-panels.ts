import type { GridPanel } from "@tfblocks/analysis/pictures";
import type { GridHead, GridRow } from "../ui/head-grid.js";
import { headName } from "../ui/head-name.js";
import { metricWords } from "../ui/metric-words.js";

/** The maps of a grid of heads that have been read, each with its label or its score. */
export function gridPanels(rows: readonly GridRow[]): GridPanel[][] {
  const read = rows.map(({ heads }) => heads.filter(({ map }) => map !== undefined)).filter((heads) => heads.length > 0);
  return read.map((heads) => heads.map(panelOf));
}

function panelOf({ place, map, labels, metric }: GridHead): GridPanel {
  const { rows, columns, values, allowed } = map!;
  const score = metric?.score === null || metric === undefined ? "" : `${metricWords(metric.name).short} ${metric.score.toFixed(2)}`;
  return {
    title: headName(place),
    badge: labels[0]?.label ?? score,
    map: { rows, columns, weights: values, allowed: allowed ?? null },
  };
}
