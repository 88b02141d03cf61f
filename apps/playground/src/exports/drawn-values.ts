import type { ColorOptions } from "@tfblocks/analysis/pictures";
import type { HeatMapData } from "../ui/draw-heat-map.js";

/** A matrix of any numbers with what a file of it shows. */
export interface DrawnValues extends Pick<ColorOptions, "tone" | "signed"> {
  /** Also names the files. */
  readonly title: string;
  /** What the numbers are, for example "activation". */
  readonly unit: string;
  readonly data: HeatMapData;
  /** What rows and columns are, for example "token" and "dimension"; default queries and keys. */
  readonly axes?: readonly [row: string, column: string];
  readonly rowNames: readonly string[];
  /** By default their numbers. */
  readonly columnNames?: readonly string[] | undefined;
  /** What the numbers are of, for JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
}
