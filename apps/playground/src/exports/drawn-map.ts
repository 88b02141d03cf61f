import type { ColorOptions, HeadMap, MapDetails } from "@tfblocks/analysis/pictures";

/** A map with what a file of it shows. */
export interface DrawnMap extends Pick<ColorOptions, "colors" | "tone" | "signed"> {
  readonly title: string;
  readonly map: HeadMap;
  readonly rowTokens: readonly string[];
  readonly columnTokens: readonly string[];
  /** What the map is of, for JSON. */
  readonly details?: MapDetails;
}
