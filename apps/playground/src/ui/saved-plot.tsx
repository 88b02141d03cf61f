import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { ExportMenu } from "./export-menu.js";
import { LinePlot, type LinePlotProps } from "./line-plot.js";
import { plotFiles } from "./plot-files.js";

export interface SavedPlotProps extends LinePlotProps {
  /** The name of the files, without an ending. */
  readonly name: string;
}

/** A plot with the files in which it can be saved. */
export function SavedPlot({ name, ...plot }: SavedPlotProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  return (
    <div ref={element} class="saved-plot">
      <LinePlot {...plot} />
      <ExportMenu what={plot.label} files={plotFiles({ ...plot, name, element: () => element.current })} />
    </div>
  );
}
