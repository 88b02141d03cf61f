import type { ExportFiles } from "../../exports/export-files.js";
import { gridPanels } from "../../exports/grid-panels.js";
import type { HeadPlace } from "../../models/model-info.js";
import type { StepRecord } from "../../training/run-record.js";
import type { ExportFile } from "../../ui/export-menu.js";
import type { GridRow } from "../../ui/head-grid.js";
import { headName } from "../../ui/head-name.js";
import { tone } from "../../ui/theme.js";
import type { ChosenMap } from "./head-maps.js";
import type { RunState } from "./run-state.js";
import { runName } from "./run-words.js";

/** The maps of all heads at a step, as pictures. */
export function gridFiles(exports: ExportFiles, run: RunState, { step }: StepRecord, rows: readonly GridRow[]): ExportFile[] {
  return exports.ofMaps(`heads-step-${step}`, gridPanels(rows), { title: titleOf(run, step), tone: tone.value }, []);
}

/** The map of one head at a step. */
export function headFiles(
  exports: ExportFiles,
  run: RunState,
  { step }: StepRecord,
  place: HeadPlace,
  { map, findings, rowTokens, columnTokens }: ChosenMap,
): ExportFile[] {
  const { rows, columns, values, allowed = null } = map;
  return exports.ofMap(`${place.kind}-l${place.layer}-h${place.head}-step-${step}`, {
    title: `${titleOf(run, step)}: ${headName(place)}`,
    map: { rows, columns, weights: values, allowed },
    rowTokens,
    columnTokens,
    tone: tone.value,
    details: { model: titleOf(run, step), head: place.head, metrics: findings.metrics },
  });
}

function titleOf(run: RunState, step: number): string {
  return `${runName(run.run.value)}, step ${step}`;
}
