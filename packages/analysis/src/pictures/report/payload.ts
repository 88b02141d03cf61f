import type { ReportLabel, ReportLens, ReportMetric } from "./report.js";

/** What the page's script reads: everything that it draws, with the maps packed. */
export interface Payload {
  readonly layers: readonly PackedLayer[];
  readonly lens: ReportLens | null;
}

export interface PackedLayer {
  readonly label: string;
  readonly rowTokens: readonly string[];
  readonly columnTokens: readonly string[];
  readonly heads: readonly PackedHead[];
}

export interface PackedHead {
  readonly head: number;
  readonly map: PackedMap;
  readonly metrics: readonly ReportMetric[];
  readonly labels: readonly ReportLabel[];
}

/** A map in base64: 16-bit weights where 0xffff is masked and 0xfffe is 1. */
export interface PackedMap {
  readonly rows: number;
  readonly columns: number;
  /** How many cells of a side are one cell of `cells`: 1 when the map is whole. */
  readonly pool: number;
  /** `[ceil(rows / pool), ceil(columns / pool)]`: the largest weight of each block. */
  readonly cells: string;
  /** The largest weights of each row; `null` when the map is whole. */
  readonly top: PackedTop | null;
}

/** `[rows, count]`, largest first; a row with fewer allowed keys ends in masked weights. */
interface PackedTop {
  readonly count: number;
  readonly columns: string;
  readonly weights: string;
}

export const maskedCode = 0xff_ff;
export const oneCode = 0xff_fe;
