import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Segmented } from "../../../ui/fields.js";
import { type AnsweredQuestion, Panel } from "../../../ui/panel.js";
import { SavedPlot } from "../../../ui/saved-plot.js";
import type { FeedForwardNumbers } from "./picture.js";
import { type ActivationChoice, activationTitles } from "./settings.js";

type Shown = "values" | "slopes";

interface CurvesPanelProps {
  readonly picture: Pick<FeedForwardNumbers, "curves" | "xs">;
  readonly question: string | AnsweredQuestion;
}

/** The activations or their slopes as curves. */
export function CurvesPanel({ picture, question }: CurvesPanelProps): JSX.Element {
  const shown = useSignal<Shown>("values");
  const lines = picture.curves.map((curve, series) => ({
    name: activationTitles[curve.name as ActivationChoice] ?? curve.name,
    series,
    values: curve[shown.value],
  }));
  return (
    <Panel
      id="curves"
      title={lines.length === 1 ? "Activation function" : "Activation functions"}
      teaches="The activation is applied to every hidden unit. Without it, the two linear maps would reduce to one. Its slope is the factor of the gradient in the backward pass."
      question={question}
    >
      <Segmented
        name="curve"
        label="Curve"
        value={shown.value}
        choices={[
          { value: "values", label: "Value" },
          { value: "slopes", label: "Slope" },
        ]}
        onChange={(value) => (shown.value = value)}
      />
      <SavedPlot
        name={shown.value === "values" ? "activations" : "slopes"}
        label={shown.value === "values" ? "Activations" : "Slopes of the activations"}
        xName="input"
        yName={shown.value === "values" ? "output" : "slope"}
        xs={picture.xs}
        lines={lines}
        start={1}
      />
    </Panel>
  );
}
