import type { JSX } from "preact";
import type { HeadPlace, ModelInfo } from "../../../models/model-info.js";
import { Choice } from "../../../ui/fields.js";
import { headName } from "../../../ui/head-name.js";
import { Panel } from "../../../ui/panel.js";
import type { ChangeState } from "../state.js";
import { MapFigures } from "./map-figures.js";

/** Where a head looks before and after. */
export function HeadPanel({ state }: { readonly state: ChangeState }): JSX.Element {
  const { answered, failure } = state.maps;
  const [info, place] = [state.info.value, state.place.value];
  return (
    <Panel
      id="head"
      title="Where a head looks, before and after"
      teaches="Switching a head off changes what it writes, not where it looks. What changes is what later heads read: look at a head of a later layer."
      question="Switch a head of the first layer off. Which heads of the last layer lose their target?"
    >
      {info !== undefined && place !== undefined && (
        <HeadChoice info={info} place={place} onChoose={(next) => state.workspace.lookAt(next)} />
      )}
      {failure.value !== undefined && <p class="hint">{failure.value.sentence}</p>}
      {answered.value !== undefined && failure.value === undefined && <MapFigures state={state} maps={answered.value.result} />}
    </Panel>
  );
}

interface HeadChoiceProps {
  readonly info: ModelInfo;
  readonly place: HeadPlace;
  readonly onChoose: (place: HeadPlace) => void;
}

/** Chooses the head whose maps are shown. */
function HeadChoice({ info, place, onChoose }: HeadChoiceProps): JSX.Element {
  const places = info.stacks.flatMap(({ kind, heads, parts }) =>
    parts.flatMap((_, layer) => Array.from({ length: heads }, (__, head): HeadPlace => ({ kind, layer, head }))),
  );
  const choose = (name: string): void => {
    const chosen = places.find((each) => headName(each) === name);
    if (chosen !== undefined) onChoose(chosen);
  };
  return (
    <Choice
      label="Head"
      value={headName(place)}
      choices={places.map((each) => ({ value: headName(each), label: headName(each) }))}
      onChange={choose}
    />
  );
}
