import type { JSX } from "preact";
import { csvFile, jsonFile } from "../../exports/export-files.js";
import { gridPanels } from "../../exports/grid-panels.js";
import { ExportMenu } from "../../ui/export-menu.js";
import type { GridRow } from "../../ui/head-grid.js";
import { headName } from "../../ui/head-name.js";
import { tone } from "../../ui/theme.js";
import { savedSubject } from "../../workspace/saved-subject.js";
import type { StateProps } from "./state-props.js";

/** Saves the maps of all heads, and what was measured on them. */
export function HeadsExport({ state, rows }: StateProps & { readonly rows: readonly GridRow[] }): JSX.Element {
  const title = `Heads of ${state.info.value?.title ?? "the model"}`;
  const panels = gridPanels(rows);
  const read = rows.flatMap(({ heads }) => heads.filter(({ map }) => map !== undefined));
  const findings = read.map(({ place }) => ({ name: headName(place), ...state.findingsOf(place) }));
  const scores = findings.flatMap(({ name, metrics = [] }) =>
    metrics.map((metric) => [name, metric.name, metric.score, metric.nullScore, metric.lift]),
  );
  const files = state.exports.ofMaps("heads", panels, { title, tone: tone.value, colors: state.view.value.ramp }, [
    jsonFile("heads", { ...savedSubject(state.workspace), heads: findings }),
    csvFile("heads", [["head", "metric", "score", "uniform", "lift"], ...scores]),
  ]);
  return <ExportMenu what="the maps of all heads" files={panels.length === 0 ? [] : files} />;
}
