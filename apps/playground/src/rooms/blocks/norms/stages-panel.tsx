import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { SavedTensorMap } from "../../../exports/saved-tensor-map.js";
import type { Saving } from "../../../exports/saving.js";
import { Segmented } from "../../../ui/fields.js";
import { type AnsweredQuestion, Panel } from "../../../ui/panel.js";
import { tone } from "../../../ui/theme.js";
import type { NormStages } from "./picture.js";

interface StagesPanelProps {
  readonly picture: NormStages;
  readonly saving: Saving;
  readonly question: string | AnsweredQuestion;
}

/** The vectors of all tokens at one of the stages. */
export function StagesPanel({ picture, saving, question }: StagesPanelProps): JSX.Element {
  const chosen = useSignal(0);
  const stage = picture.stages[chosen.value]!;
  const scale = useMemo(() => signedScale(stage.values, tone.value), [stage, tone.value]);
  const data = useMemo(() => ({ rows: picture.tokens.length, columns: picture.width, values: stage.values }), [picture, stage]);
  return (
    <Panel
      id="vectors"
      title="The vectors"
      teaches="Rescaling a row keeps the order of its numbers, so the pattern of each token remains."
      question={question}
    >
      <SavedTensorMap
        saving={saving}
        title={`vectors, ${stage.name}`}
        label={`Vectors ${stage.name}: rows are tokens, columns are dimensions`}
        data={data}
        scale={scale}
        rowNames={picture.tokens}
        rowName="token"
        columnName="dimension"
        unit="value"
      >
        <Segmented
          name="stage"
          label="Stage"
          value={chosen.value}
          choices={picture.stages.map(({ name }, value) => ({ value, label: name }))}
          onChange={(value) => (chosen.value = value)}
        />
      </SavedTensorMap>
    </Panel>
  );
}
