/** A line of a plot. */
export interface PlotLine {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** The index of its colour and dash pattern, 0 to 7. */
  readonly series: number;
  /** Whether it stands back behind the others. */
  readonly faint?: boolean;
  /** Whether it is drawn thicker than the others. */
  readonly strong?: boolean;
  /** Its dashes; default those of its series. */
  readonly dashes?: "none" | "short";
  /** Where its values are, ascending; default the xs of the plot. */
  readonly xs?: ArrayLike<number> | undefined;
}

/** Something that happened at an x. */
export interface PlotMark {
  readonly x: number;
  /** In a few words; marks at the same x share one flag. */
  readonly text: string;
}

export const seriesCount = 8;

/** The class of a line, which decides its colour and its dashes. */
export function lineClass({ series, faint = false, strong = false, dashes }: PlotLine): string {
  const more = [faint && "faint", strong && "strong", dashes && `dashes-${dashes}`].filter(Boolean);
  return ["plot-line", `series-${series % seriesCount}`, ...more].join(" ");
}
