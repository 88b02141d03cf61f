import type { JSX } from "preact";
import { SavedPlot, type SavedPlotProps } from "../../ui/saved-plot.js";
import type { TrainView } from "./train-view.js";

interface SharedPlotProps extends Pick<SavedPlotProps, "name" | "label" | "yName" | "lines" | "marks" | "span"> {
  readonly view: TrainView;
}

/** Curves over the steps, whose cursor is that of all pictures. */
export function SharedPlot({ view, ...plot }: SharedPlotProps): JSX.Element {
  const { steps, step } = view;
  return <SavedPlot {...plot} xName="step" xs={steps.value} cursor={step.value} onCursor={(next) => view.moveTo(next)} />;
}
