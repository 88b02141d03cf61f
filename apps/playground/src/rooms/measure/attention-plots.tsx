import type { JSX } from "preact";
import type { PlotLine } from "../../ui/plot-line.js";
import { SavedPlot } from "../../ui/saved-plot.js";
import type { AttentionCost, BackendFigures, Figures } from "./figures.js";

/** Time and memory of one call by the number of tokens. */
export function AttentionPlots({ figures: { all, single } }: { readonly figures: Figures }): JSX.Element {
  const time = ({ time: { median } }: AttentionCost): number => median;
  const memory = ({ peakBytes }: AttentionCost): number => peakBytes / 1e6;
  const oneThread = single === null ? [] : [lineOf(single, "fused", time, { name: "fused, 1 thread, ms", series: 2 })];
  return (
    <div class="pair">
      <CostPlot
        name="attention-time"
        title="Time of one attention"
        yName="ms of one call"
        lines={[
          lineOf(all, "composed", time, { name: "composed, ms", series: 1 }),
          lineOf(all, "fused", time, { name: "fused, ms", series: 0 }),
          ...oneThread,
        ]}
      />
      <CostPlot
        name="attention-memory"
        title="Memory of one attention"
        yName="MB held at once"
        lines={[
          lineOf(all, "composed", memory, { name: "composed, MB", series: 1 }),
          lineOf(all, "fused", memory, { name: "fused, MB", series: 0 }),
        ]}
      />
    </div>
  );
}

/** The lengths that were measured, and a number of each. */
function lineOf(
  { attention }: BackendFigures,
  path: "fused" | "composed",
  read: (cost: AttentionCost) => number,
  look: Pick<PlotLine, "name" | "series">,
): PlotLine {
  const points = attention.flatMap((point) => (point[path] === null ? [] : [[point.length, read(point[path])] as const]));
  return { ...look, xs: points.map(([length]) => length), values: points.map(([, value]) => value) };
}

interface CostPlotProps {
  /** The name of saved files. */
  readonly name: string;
  readonly title: string;
  readonly yName: string;
  readonly lines: readonly PlotLine[];
}

function CostPlot({ title, lines, ...plot }: CostPlotProps): JSX.Element {
  const measured = lines.filter(({ values }) => values.length > 0);
  // The cursor stops where every line has a value.
  const xs = Array.from(measured[0]?.xs ?? []).filter((x) => measured.every((line) => Array.from(line.xs ?? []).includes(x)));
  return <SavedPlot {...plot} label={`${title} by the number of tokens`} xName="n" xs={xs} lines={measured} start={xs.at(-1) ?? 0} />;
}
