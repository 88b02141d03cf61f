import {
  type Bar,
  barsSvg,
  type BarsOptions,
  gridSvg,
  type GridOptions,
  type GridPanel,
  toCsv,
  toJson,
  toSvg,
} from "@tfblocks/analysis/pictures";
import type { HeatMapData } from "../ui/draw-heat-map.js";
import { csvText } from "./csv-text.js";
import type { DrawnMap } from "./drawn-map.js";
import type { DrawnValues } from "./drawn-values.js";

/** A map as an SVG picture with title and legend. */
export function mapSvg({ map, ...options }: DrawnMap): string {
  const { title, rowTokens, columnTokens, colors, tone, signed } = options;
  return toSvg(map, { title, rowTokens, columnTokens, colors, tone, signed });
}

/** A map as JSON, with what it is of. */
export function mapJson({ map, rowTokens, columnTokens, details }: DrawnMap): string {
  return toJson(map, { ...details, rowTokens, columnTokens });
}

/** A map as CSV: a line a cell. */
export function mapCsv({ map, rowTokens, columnTokens }: DrawnMap): string {
  return toCsv(map, { rowTokens, columnTokens });
}

/** Any numbers as an SVG picture with title and legend. */
export function valuesSvg({ data, rowNames, columnNames, title, unit, axes, tone, signed }: DrawnValues): string {
  const { rows, columns, values, allowed = null } = data;
  const columnTokens = columnNames ?? Array.from({ length: columns }, (_, column) => String(column));
  return toSvg({ rows, columns, weights: values, allowed }, { title, unit, axes, tone, signed, rowTokens: rowNames, columnTokens });
}

/** Any numbers as JSON, with what they are of; null where masked. */
export function valuesJson({ data, rowNames, columnNames, title, unit, axes, details }: DrawnValues): string {
  const { rows, columns, allowed } = data;
  const values = rowsOf(data, (cell) => numberAt(data, cell));
  const mask = allowed === undefined ? null : rowsOf(data, (cell) => allowed[cell]);
  const [row, column] = axes ?? attentionAxes;
  const shape = { rows: { count: rows, of: row, names: rowNames }, columns: { count: columns, of: column, names: columnNames ?? null } };
  return JSON.stringify({ version: 1, title, ...details, unit, ...shape, mask, values });
}

/** Any numbers as CSV: a line a cell; nothing where masked. */
export function valuesCsv({ data, rowNames, columnNames, unit, axes = attentionAxes }: DrawnValues): string {
  function* lines(): Generator<readonly (string | number | null)[]> {
    yield ["row", "column", ...axes, unit];
    for (let cell = 0; cell < data.rows * data.columns; cell++) {
      const [row, column] = [Math.floor(cell / data.columns), cell % data.columns];
      yield [row, column, rowNames[row] ?? row, columnNames?.[column] ?? column, numberAt(data, cell)];
    }
  }
  return csvText(lines());
}

const attentionAxes = ["query", "key"] as const;

function numberAt({ values, allowed }: HeatMapData, cell: number): number | null {
  return allowed?.[cell] === 0 ? null : values[cell]!;
}

function rowsOf<Value>({ rows, columns }: HeatMapData, read: (cell: number) => Value): Value[][] {
  return Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (__, column) => read(row * columns + column)));
}

/** Small maps as one SVG picture. */
export function mapsSvg(rows: readonly (readonly GridPanel[])[], options: GridOptions): string {
  return gridSvg(rows, options);
}

/** Bars as an SVG picture. */
export function svgOfBars(bars: readonly Bar[], options: BarsOptions): string {
  return barsSvg(bars, options);
}
