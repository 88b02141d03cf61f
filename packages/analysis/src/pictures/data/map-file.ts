import type { HeadMap } from "../head-map.js";
import type { ReportMetric } from "../report/report.js";

/** What a map is of. */
export interface MapDetails {
  readonly model?: string | undefined;
  /** The name of the attention, for example `"layers.0.attention"`. */
  readonly layer?: string | undefined;
  readonly head?: number | undefined;
  readonly rowTokens?: readonly string[] | undefined;
  readonly columnTokens?: readonly string[] | undefined;
  readonly metrics?: readonly ReportMetric[] | undefined;
}

/** A map with what it is of, as {@link fromJson} reads it. */
export interface MapFile extends MapDetails {
  readonly map: HeadMap;
}
