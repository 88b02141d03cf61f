import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Segmented } from "../../../ui/fields.js";
import { LinePlot } from "../../../ui/line-plot.js";
import { Panel } from "../../../ui/panel.js";
import { activationNames } from "./feed-forward-controls.js";
import type { FeedForwardPicture } from "./picture.js";
import type { ActivationChoice } from "./settings.js";

type Shown = "values" | "slopes";

/** The activations or their slopes as curves. */
export function CurvesPanel({ picture }: { readonly picture: FeedForwardPicture }): JSX.Element {
  const shown = useSignal<Shown>("values");
  const lines = picture.curves.map((curve, series) => ({
    name: activationNames[curve.name as ActivationChoice] ?? curve.name,
    series,
    values: curve[shown.value],
  }));
  return (
    <Panel
      id="curves"
      title="Activation functions"
      teaches="The activation is applied to every hidden unit. Without it, the two linear maps would reduce to one. Its slope is the factor of the gradient in the backward pass."
      question="At which inputs is the slope of ReLU 0, so that no gradient passes? What is the slope of GELU there?"
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
      <LinePlot
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
