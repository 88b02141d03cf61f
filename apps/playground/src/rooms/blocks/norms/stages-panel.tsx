import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { Segmented } from "../../../ui/fields.js";
import { Panel } from "../../../ui/panel.js";
import { TensorMap } from "../../../ui/tensor-map.js";
import { tone } from "../../../ui/theme.js";
import type { NormPicture } from "./picture.js";

/** The vectors of all tokens at one of the three stages. */
export function StagesPanel({ picture }: { readonly picture: NormPicture }): JSX.Element {
  const chosen = useSignal(0);
  const stage = picture.stages[chosen.value]!;
  const scale = useMemo(() => signedScale(stage.values, tone.value), [stage, tone.value]);
  const data = useMemo(() => ({ rows: picture.tokens.length, columns: picture.width, values: stage.values }), [picture, stage]);
  return (
    <Panel
      id="vectors"
      title="The vectors"
      teaches="A norm shifts and rescales a row but keeps the order of its numbers, so the pattern of each token remains."
      question="Set “Then add” to 10. At which stage are the tokens easiest to tell apart?"
    >
      <Segmented
        name="stage"
        label="Stage"
        value={chosen.value}
        choices={picture.stages.map(({ name }, value) => ({ value, label: name }))}
        onChange={(value) => (chosen.value = value)}
      />
      <TensorMap
        label={`Vectors ${stage.name}: rows are tokens, columns are dimensions`}
        data={data}
        scale={scale}
        rowNames={picture.tokens}
        rowName="token"
        columnName="dimension"
        legend="value"
      />
    </Panel>
  );
}
