import { type RampName, rampNames } from "@tfblocks/analysis/colors";
import type { JSX } from "preact";
import { type ColorScale, type WeightRange, weightRanges } from "../color/color-scale.js";
import { choicesOf, Segmented } from "./fields.js";
import { Legend } from "./legend.js";

/** How weights are coloured. */
export interface WeightLook {
  readonly ramp: RampName;
  readonly range: WeightRange;
}

export const defaultLook: WeightLook = { ramp: "blues", range: "one" };

const rampTitles: Record<RampName, string> = { blues: "One hue", viridis: "Viridis", cividis: "Cividis" };
const rangeNames: Record<WeightRange, string> = { one: "0–1", root: "√", largest: "0–max", row: "Row" };
const legendTitles: Record<WeightRange, string> = {
  one: "weight",
  root: "weight, on a square-root scale",
  largest: "weight, up to the largest",
  row: "weight as a share of the largest of its row",
};

interface WeightLookFieldsProps {
  readonly look: WeightLook;
  readonly onChange: (look: WeightLook) => void;
}

/** The choice of colours and scale for weights. */
export function WeightLookFields({ look, onChange }: WeightLookFieldsProps): JSX.Element {
  return (
    <div class="gallery-choices">
      <Segmented
        name="range"
        label="Scale"
        value={look.range}
        choices={choicesOf(weightRanges, rangeNames)}
        onChange={(range) => onChange({ ...look, range })}
      />
      <Segmented
        name="ramp"
        label="Colours"
        value={look.ramp}
        choices={choicesOf(rampNames, rampTitles)}
        onChange={(ramp) => onChange({ ...look, ramp })}
      />
    </div>
  );
}

/** The legend of weights, which says how they are scaled. */
export function WeightLegend({
  scale,
  range,
  isMasked,
}: {
  readonly scale: ColorScale;
  readonly range: WeightRange;
  readonly isMasked: boolean;
}): JSX.Element {
  return <Legend title={legendTitles[range]} scale={scale} masked={isMasked ? "masked" : undefined} />;
}
