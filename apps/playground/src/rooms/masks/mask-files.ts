import type { HeadMap } from "@tfblocks/analysis/pictures";
import { csvFile, type ExportFiles, jsonFile } from "../../exports/export-files.js";
import type { MaskSpec } from "../../reading/mask-spec.js";
import type { HeadReading, PredictionsReading } from "../../reading/readings.js";
import type { ExportFile } from "../../ui/export-menu.js";
import { headName } from "../../ui/head-name.js";
import { tone } from "../../ui/theme.js";
import type { MaskEffect } from "./mask-effect.js";
import type { CostRow, MaskBlocks, MaskPicture } from "./mask-picture.js";

/** The matrix: 1 = visible, 0.5 = a square of pairs of which some are visible; hidden cells are masked. */
export function matrixFiles(exports: ExportFiles, { size, states }: MaskPicture, names: readonly string[]): ExportFile[] {
  const map = stateMap(size, states);
  return exports.ofMap("mask", { title: "Mask", map, rowTokens: names, columnTokens: names, tone: tone.value });
}

/** The blocks of a mask: 1 = computed, 0.5 = masked inside; skipped ones are masked. */
export function blockFiles(exports: ExportFiles, { size, states, edge }: MaskBlocks): ExportFile[] {
  const names = Array.from({ length: size }, (_, block) => String(block * edge));
  const tokens = { rowTokens: names, columnTokens: names };
  return exports.ofMap("blocks", {
    title: `Blocks of ${edge} tokens`,
    map: stateMap(size, states),
    ...tokens,
    tone: tone.value,
  });
}

/** The costs at growing lengths. */
export function costFiles(mask: MaskSpec, rows: readonly CostRow[]): ExportFile[] {
  const table = rows.map(({ length, pairs, allowed, visited }) => [length, pairs, allowed, visited]);
  return [
    jsonFile("mask-cost", { version: 1, mask, rows }),
    csvFile("mask-cost", [["tokens", "pairs", "visible pairs", "pairs in visited blocks"], ...table]),
  ];
}

/** The chosen head with both masks, and every prediction. */
export function effectFiles(exports: ExportFiles, { own, changed, kept }: MaskEffect, mask: MaskSpec, model: string): ExportFile[] {
  const place = headName(own.head.place);
  const panels = [
    { title: `${place}, own mask`, map: mapOf(own.head) },
    { title: `${place}, your mask`, map: mapOf(changed.head) },
  ];
  const options = { title: `${model}: ${place} with two masks`, side: 240, tone: tone.value };
  return exports.ofMaps("mask-effect", [panels], options, [
    jsonFile("mask-effect", { version: 1, model, head: place, mask, kept, own: own.predictions, changed: changed.predictions }),
    csvFile("mask-effect", predictionRows(own, changed)),
  ]);
}

function predictionRows(own: MaskEffect["own"], changed: MaskEffect["own"]): (string | number | null)[][] {
  const side = ({ positions }: PredictionsReading, at: number): (string | number | null)[] => {
    const { top, actual } = positions[at]!;
    return [top[0]?.text ?? null, top[0]?.probability ?? null, actual?.loss ?? null];
  };
  const columns = ["likeliest", "probability", "loss"];
  const header = ["position", "token", ...columns.map((each) => `${each}, own mask`), ...columns.map((each) => `${each}, your mask`)];
  const [before, after] = [own.predictions, changed.predictions];
  if (before === null || after === null) return [header];
  return [header, ...before.positions.map((_, at) => [at, own.head.rowTokens[at] ?? "", ...side(before, at), ...side(after, at)])];
}

function mapOf({ map: { rows, columns, values, allowed } }: HeadReading): HeadMap {
  return { rows, columns, weights: values, allowed };
}

function stateMap(size: number, states: Uint8Array): HeadMap {
  return { rows: size, columns: size, weights: Float32Array.from(states, (state) => state / 2), allowed: states };
}
