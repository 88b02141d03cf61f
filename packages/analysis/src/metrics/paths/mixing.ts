import { checkNumber, checkOptions, describeValue, type OptionNames, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { AttentionMaps } from "../../maps/attention-maps.js";
import { headIndices } from "../../maps/row-scores.js";
import { readRow, type Row, skipReason, uniformRow } from "../../maps/rows.js";

/** Options of `attentionRollout` and `attentionFlow`. */
export interface PathOptions {
  /** The layers that count, as increasing indices; default all. The others pass every token on unchanged. */
  readonly layers?: readonly number[];
  /** The share of each token that the residual connection carries past attention, from 0 to 1; default 0.5, as in the paper. */
  readonly residual?: number;
}

const optionNames: OptionNames<PathOptions> = { layers: true, residual: true };

/** For each token after the last layer, how much of it comes from each input token. */
export interface PathScores {
  readonly version: 1;
  /** The layers that count. */
  readonly layers: readonly number[];
  readonly residual: number;
  /** `[batch][query][key]`: each row sums to 1; null for a padded query. */
  readonly scores: readonly (readonly (readonly number[] | null)[])[];
  /** The scores of uniform attention under the same masks. */
  readonly nullScores: readonly (readonly (readonly number[] | null)[])[];
}

/** Layers of self-attention, checked, with the options. */
export interface Path {
  readonly maps: readonly AttentionMaps[];
  readonly layers: readonly number[];
  readonly residual: number;
  readonly batch: number;
  readonly length: number;
}

/** A square matrix `[query][key]` whose rows sum to 1. */
export type Mixing = readonly Float64Array[];

/** @throws ShapeError, ValueError as `attentionRollout` says */
export function checkedPath(operation: string, all: readonly AttentionMaps[], options: PathOptions): Path {
  const { residual = 0.5, layers } = checkOptions(operation, options, optionNames);
  checkNumber(operation, "residual", "a number from 0 to 1", residual, (value) => value >= 0 && value <= 1);
  checkMaps(operation, all);
  const used = layers ?? all.map((_, layer) => layer);
  checkLayers(operation, used, all.length);
  const { batch, queryLength: length } = all[0]!;
  return { maps: used.map((layer) => all[layer]!), layers: used, residual, batch, length };
}

function checkMaps(operation: string, all: readonly AttentionMaps[]): void {
  if (!Array.isArray(all) || all.length === 0) {
    refuse(ValueError, operation, "maps", "a list of maps, one for each layer", describeValue(all));
  }
  for (const maps of all) headIndices(operation, maps);
  const { batch, queryLength: length } = all[0]!;
  all.forEach((maps: AttentionMaps, layer) => {
    const { queryOffset, keyOffset } = maps;
    if (maps.batch === batch && maps.queryLength === length && maps.keyLength === length && queryOffset === keyOffset) return;
    const offsets = queryOffset === keyOffset ? "" : `, queryOffset ${queryOffset}, keyOffset ${keyOffset}`;
    const received = `[${maps.batch}, heads, ${maps.queryLength}, ${maps.keyLength}]${offsets} in layer ${layer}`;
    refuse(ShapeError, operation, "maps", `self-attention [${batch}, heads, ${length}, ${length}] with equal offsets`, received);
  });
}

function checkLayers(operation: string, layers: readonly number[], count: number): void {
  const rule = `increasing indices of layers, from 0 to ${count - 1}`;
  if (!Array.isArray(layers) || layers.length === 0) refuse(ValueError, operation, "layers", rule, describeValue(layers));
  const isRight = layers.every((layer: number, place) => Number.isInteger(layer) && layer > (layers[place - 1] ?? -1) && layer < count);
  if (!isRight) refuse(ValueError, operation, "layers", rule, `[${layers.join(", ")}]`);
}

/**
 * What a layer does to each token: (1 − residual) · the mean of its heads + residual · the token itself.
 *
 * A row that no head can use, because it is padded or the mask allows no key, keeps its token. Attention to a sink or a learned
 * key brings no token: the rest of the row is normalised. `read` may replace rows, for example by uniform ones.
 */
function mixingOf(maps: AttentionMaps, batch: number, residual: number, read: (row: Row) => Row): Mixing {
  return Array.from({ length: maps.queryLength }, (_, query) => {
    const rows = headIndices("attentionRollout", maps)
      .filter((head) => skipReason(maps, batch, head, query, 1) === undefined)
      .map((head) => read(readRow(maps, batch, head, query)).probabilities);
    const mixed = new Float64Array(maps.keyLength);
    for (const row of rows) mixed.forEach((__, key) => (mixed[key]! += ((1 - residual) * row[key]!) / rows.length));
    mixed[query]! += residual;
    return maps.extraKeys.length > 0 || rows.length === 0 ? normalized(mixed, query) : mixed;
  });
}

/** The row with the sum 1; a token of which nothing is left keeps itself. */
function normalized(mixed: Float64Array, query: number): Float64Array {
  const sum = mixed.reduce((total, weight) => total + weight, 0);
  return mixed.map((weight, key) => (sum === 0 ? Number(key === query) : weight / sum));
}

/** Scores of every sequence, and those of uniform attention, by a function of the mixing of its layers. */
export function scorePaths(path: Path, score: (layers: readonly Mixing[]) => Mixing): Pick<PathScores, "scores" | "nullScores"> {
  const all = (read: (row: Row) => Row) =>
    Array.from({ length: path.batch }, (_, batch) => {
      const rows = score(path.maps.map((maps) => mixingOf(maps, batch, path.residual, read)));
      return rows.map((row, query) => (isPadded(path, batch, query) ? null : [...row]));
    });
  return { scores: all((row) => row), nullScores: all(uniformRow) };
}

/** Whether a query is padding in any layer. */
function isPadded({ maps, length }: Path, batch: number, query: number): boolean {
  return maps.some(({ queryKeep }) => queryKeep[batch * length + query] === 0);
}
