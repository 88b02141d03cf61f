import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { CostLine } from "../../../ui/cost-line.js";
import { Choice } from "../../../ui/fields.js";
import { Panel } from "../../../ui/panel.js";
import { TensorMap } from "../../../ui/tensor-map.js";
import { tone } from "../../../ui/theme.js";
import type { PositionPicture } from "./picture.js";

/** The similarity or bias of every pair of positions. */
export function MatrixPanel({ picture }: { readonly picture: PositionPicture }): JSX.Element {
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
      question="Is every row the same as the row above it, shifted by one?"
    >
      {relations.length > 1 && (
        <Choice
          label="Show"
          value={String(index)}
          choices={relations.map((relation, at) => ({ value: String(at), label: relation.name }))}
          onChange={(value) => (chosen.value = value)}
        />
      )}
      <TensorMap
        label={`${name} of every query and key`}
        data={data}
        scale={scale}
        rowNames={names}
        rowName="query"
        columnName="key"
        legend={name}
        square
      />
      <CostLine
        what={`${relations.length} × ${length} × ${length} numbers`}
        milliseconds={picture.milliseconds}
        liveTensors={picture.liveTensors}
      />
    </Panel>
  );
}
