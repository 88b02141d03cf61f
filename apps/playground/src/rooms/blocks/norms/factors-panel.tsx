import type { JSX } from "preact";
import { Panel } from "../../../ui/panel.js";
import { rangeWords } from "../../../ui/range-words.js";
import { SavedPlot } from "../../../ui/saved-plot.js";
import type { ModelNorm } from "./model-norms.js";

/** What a norm has learned: the number that each dimension is multiplied by, and what is added to it. */
export function FactorsPanel({ norm: { kind, eps, width, weight, bias } }: { readonly norm: ModelNorm }): JSX.Element {
  const factors = [{ name: "weight", ...weight }, ...(bias === null ? [] : [{ name: "bias", ...bias }])];
  return (
    <Panel
      id="factors"
      title={bias === null ? "Its learned weight" : "Its learned weight and bias"}
      teaches={`After rescaling, this ${kind} multiplies each dimension by its own weight${bias === null ? "" : " and adds its own bias"}. The number ε = ${exponential(eps)} inside the root keeps it from dividing by 0.`}
      question="Which dimensions does the weight hold back? Compare with the model before training, where every weight is 1."
    >
      <SavedPlot
        name="factors"
        label={`The ${factors.map(({ name }) => name).join(" and the ")} of each dimension`}
        xName="dimension"
        yName="value"
        xs={Array.from({ length: width }, (_, dimension) => dimension)}
        lines={factors.map(({ name, values }, series) => ({ name, series, values }))}
      />
      {factors.map((each) => (
        <p key={each.name} class="hint">
          The {each.name} has {width} numbers. {rangeWords(each)}
        </p>
      ))}
    </Panel>
  );
}

function exponential(value: number): string {
  return value.toExponential().replace("-", "−");
}
