import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { SavedTensorMap } from "../../../exports/saved-tensor-map.js";
import type { Saving } from "../../../exports/saving.js";
import { Choice } from "../../../ui/fields.js";
import { Panel } from "../../../ui/panel.js";
import { tone } from "../../../ui/theme.js";
import type { PositionNumbers } from "./picture.js";
import { pairsQuestion } from "./questions.js";

interface MatrixPanelProps {
  readonly picture: PositionNumbers;
  readonly saving: Saving;
  readonly children?: ComponentChildren;
}

/** The similarity or bias of every pair of positions. */
export function MatrixPanel({ picture, saving, children }: MatrixPanelProps): JSX.Element {
  const { length, relations } = picture;
  const chosen = useSignal("0");
  const index = Math.min(Number(chosen.value), relations.length - 1);
  const { name, values } = relations[index]!;
  const scale = useMemo(() => signedScale(values, tone.value), [values, tone.value]);
  const data = useMemo(() => ({ rows: length, columns: length, values }), [values]);
  const names = useMemo(() => Array.from({ length }, (_, position) => String(position)), [length]);
  return (
    <Panel
      id="matrix"
      title="All pairs of positions"
      teaches="Rows are queries, columns are keys. Numbers that depend only on the distance form stripes along the diagonal."
      question={pairsQuestion(picture.encoding)}
    >
      <SavedTensorMap
        saving={saving}
        title={`${name}, all pairs of positions`}
        label={`${name} of every query and key`}
        data={data}
        scale={scale}
        rowNames={names}
        rowName="query"
        columnName="key"
        unit={name}
        square
      >
        {relations.length > 1 && (
          <Choice
            label="Show"
            value={String(index)}
            choices={relations.map((relation, at) => ({ value: String(at), label: relation.name }))}
            onChange={(value) => (chosen.value = value)}
          />
        )}
      </SavedTensorMap>
      {children}
    </Panel>
  );
}
